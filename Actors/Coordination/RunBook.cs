using Intellect3.Actors.Administration;

namespace Intellect3.Actors.Coordination;

/// <summary>The runs that a cluster knows of, and which of them is active: at most one. Pure bookkeeping.</summary>
public sealed class RunBook
{
    private readonly List<RunEntry> _entries;

    /// <param name="entries">What was known before, oldest first.</param>
    public RunBook(IEnumerable<RunEntry> entries) => _entries = [.. entries];

    /// <summary>Oldest first; the last one is active, or the one to talk about while none is.</summary>
    public IReadOnlyList<RunEntry> Entries => _entries;

    /// <summary>The run that is not over; null when there is none.</summary>
    public RunEntry? Active => _entries.Find(e => e.Ended is null);

    /// <summary>Begins a run, or takes up again one that was stopped or has failed: its older entries in the same directory give way.</summary>
    /// <exception cref="InvalidOperationException">Another run is active.</exception>
    public RunEntry Begin(string name, string instance, string directory)
    {
        if (Active is { } active)
        {
            throw new InvalidOperationException($"the run {active.Name} is active");
        }

        _entries.RemoveAll(e => e.Directory == directory);
        var entry = new RunEntry(name, instance, directory, null);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>A run is over. False when it was already, or is unknown.</summary>
    public bool End(string instance, RunStage stage)
    {
        var index = _entries.FindIndex(e => e.Instance == instance && e.Ended is null);
        if (index < 0)
        {
            return false;
        }

        _entries[index] = _entries[index] with { Ended = stage };
        return true;
    }
}
