using System.Diagnostics.CodeAnalysis;
using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Rollouts;

/// <summary>The environments that a node's groups may be of. One that is lent is not ended before it was given back. Thread-safe.</summary>
public sealed class EnvironmentCatalog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EnvironmentKey, Entry> _entries = [];

    /// <param name="environments">What is there from the start.</param>
    public EnvironmentCatalog(IEnumerable<IEnvironment> environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        foreach (var environment in environments)
        {
            Add(environment);
        }
    }

    /// <summary>Makes an environment known; one of the same key is replaced.</summary>
    public void Add(IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        lock (_lock)
        {
            _entries[environment.Key] = new Entry(environment);
        }
    }

    /// <summary>Lends an environment to a group.</summary>
    public bool TryBorrow(EnvironmentKey key, [NotNullWhen(true)] out EnvironmentLoan? loan)
    {
        lock (_lock)
        {
            loan = _entries.TryGetValue(key, out var entry) ? new EnvironmentLoan(entry.Environment, entry.Lend(GiveBack)) : null;
            return loan is not null;
        }
    }

    /// <summary>No group finds the environment any more. The task ends once every group has given it back.</summary>
    public Task RemoveAsync(EnvironmentKey key)
    {
        lock (_lock)
        {
            return _entries.Remove(key, out var entry) ? entry.Retire() : Task.CompletedTask;
        }
    }

    private void GiveBack(Entry entry)
    {
        lock (_lock)
        {
            entry.GiveBack();
        }
    }

    private sealed class Entry(IEnvironment environment)
    {
        private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _lent;
        private bool _retired;

        public IEnvironment Environment => environment;

        public Action Lend(Action<Entry> giveBack)
        {
            _lent++;
            return () => giveBack(this);
        }

        public void GiveBack()
        {
            _lent--;
            Settle();
        }

        public Task Retire()
        {
            _retired = true;
            Settle();
            return _unused.Task;
        }

        private void Settle()
        {
            if (_retired && _lent == 0)
            {
                _unused.TrySetResult();
            }
        }
    }
}
