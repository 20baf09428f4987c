namespace Intellect3.Actors.Devices;

/// <summary>How a device is run.</summary>
public sealed record DeviceOptions
{
    /// <summary>Work items that may wait for the device's thread.</summary>
    public int QueueCapacity { get; init; } = 8192;

    /// <summary>How long a device that is stopped may take to finish what it is doing.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Restarts of the device's program within <see cref="RestartWindow"/> before the device is given up.</summary>
    public int MaxRestarts { get; init; } = 10;

    public TimeSpan RestartWindow { get; init; } = TimeSpan.FromMinutes(1);
}
