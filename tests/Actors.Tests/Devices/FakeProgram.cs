using System.Collections.Concurrent;
using Intellect3.Actors.Devices;

namespace Intellect3.Actors.Tests.Devices;

/// <summary>A program that remembers which thread called it, and for what.</summary>
internal sealed class FakeProgram : IDeviceProgram
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<(string Call, int Thread)> Calls { get; } = new();

    /// <summary>What <see cref="Advance"/> does, by the number of its call.</summary>
    public Func<int, bool> OnAdvance { get; init; } = _ => false;

    public Action OnStart { get; init; } = () => { };

    public int Advances { get; private set; }

    public Task Disposed => _disposed.Task;

    public IEnumerable<string> CallNames => Calls.Select(c => c.Call);

    public void Record(string call) => Calls.Enqueue((call, Environment.CurrentManagedThreadId));

    public void Start()
    {
        Record("start");
        OnStart();
    }

    public bool Advance()
    {
        Record("advance");
        return OnAdvance(++Advances);
    }

    public void Dispose()
    {
        Record("dispose");
        _disposed.TrySetResult();
    }
}
