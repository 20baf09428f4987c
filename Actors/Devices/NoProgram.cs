namespace Intellect3.Actors.Devices;

/// <summary>For a thread that only runs work items: slow work that must not be on the thread pool.</summary>
public sealed class NoProgram : IDeviceProgram
{
    public void Start()
    {
    }

    public bool Advance() => false;

    public void Dispose()
    {
    }
}
