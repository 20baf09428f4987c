namespace Intellect3.Actors.Transport;

/// <summary>How much of some content has arrived at this node, for those that wait for more. Thread-safe.</summary>
internal sealed class Arrival
{
    private readonly Lock _gate = new();
    private long _end;
    private bool _ended;
    private TaskCompletionSource _changed = NewSource();

    /// <summary>The bytes before <paramref name="end"/> are there.</summary>
    public void Advance(long end) => Change(() => _end = end);

    /// <summary>No more will come.</summary>
    public void End() => Change(() => _ended = true);

    /// <summary>Returns once the bytes before <paramref name="end"/> are there.</summary>
    /// <exception cref="ContentUnavailableException">They will not come.</exception>
    public async ValueTask WaitAsync(long end, CancellationToken cancellation)
    {
        while (NotYet(end) is { } changed)
        {
            await changed.WaitAsync(cancellation);
        }
    }

    private Task? NotYet(long end)
    {
        lock (_gate)
        {
            return end <= _end ? null
                : _ended ? throw new ContentUnavailableException("the node that passes it on has lost it")
                : _changed.Task;
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            (changed, _changed) = (_changed, NewSource());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
