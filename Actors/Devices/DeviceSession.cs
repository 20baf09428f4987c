namespace Intellect3.Actors.Devices;

/// <summary>A program's stay on a device, from <see cref="DeviceThread.Open"/> to <see cref="Dispose"/>. Thread-safe.</summary>
public sealed class DeviceSession : IDisposable
{
    private readonly DeviceThread _thread;
    private readonly Action<Exception> _onFault;

    internal DeviceSession(DeviceThread thread, IDeviceProgram program, Action<Exception> onFault)
    {
        _thread = thread;
        Program = program;
        _onFault = onFault;
    }

    internal IDeviceProgram Program { get; }

    /// <summary>Queues work for the device's thread. Never waits.</summary>
    public DevicePost TryPost(Action work) => _thread.TryPost(this, work);

    /// <summary>Ends the program: queued work is dropped, and the program is disposed on the device's thread as soon as what runs now returns. Does not wait for that.</summary>
    public void Dispose() => _thread.Close(this);

    internal void ReportFault(Exception exception) => _onFault(exception);
}
