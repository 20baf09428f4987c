namespace Intellect3.Model.Inference;

/// <summary>The reference counting of <see cref="IEngineWeights"/>: what the weights hold is freed with the last reference, on whichever thread disposes it.</summary>
public abstract class EngineWeights(PolicyVersion version) : IEngineWeights
{
    private int _references = 1;

    public PolicyVersion Version { get; } = version;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The last reference is gone.</exception>
    public IEngineWeights AddReference()
    {
        int current;
        do
        {
            current = Volatile.Read(ref _references);
            ObjectDisposedException.ThrowIf(current <= 0, this);
        }
        while (Interlocked.CompareExchange(ref _references, current + 1, current) != current);

        return this;
    }

    /// <summary>Gives one reference back.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            Free();
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>Frees what the weights hold; called once.</summary>
    protected abstract void Free();
}
