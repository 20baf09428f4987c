namespace Intellect3.Actors.Devices;

/// <summary>What became of a work item that was posted to a device.</summary>
public enum DevicePost
{
    /// <summary>It will run on the device's thread, unless the program ends before.</summary>
    Accepted,

    /// <summary>The queue is full: the caller refuses its own caller, or tries again later.</summary>
    QueueFull,

    /// <summary>The program has ended or failed.</summary>
    Closed,
}
