namespace Intellect3.Actors.Devices;

/// <summary>What a device runs: an engine, a trainer. Every member is called on the device's thread, nowhere else; it is disposed also when its start failed.</summary>
public interface IDeviceProgram : IDisposable
{
    /// <summary>Makes what the program needs; called once, before everything else.</summary>
    void Start();

    /// <summary>One slice of work, between work items. Called again while it returns true; after false it is called next when a work item has run.</summary>
    bool Advance();
}
