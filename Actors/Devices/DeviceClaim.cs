namespace Intellect3.Actors.Devices;

/// <summary>Exclusive ownership of a device until it is disposed.</summary>
public sealed class DeviceClaim : IDisposable
{
    private readonly Action<DeviceClaim> _release;

    internal DeviceClaim(string device, Action<DeviceClaim> release)
    {
        Device = device;
        _release = release;
    }

    public string Device { get; }

    public void Dispose() => _release(this);
}
