namespace Intellect3.Actors.Ledger;

/// <summary>What <see cref="LedgerChecker"/> found.</summary>
public sealed record LedgerReport
{
    /// <summary>Everything that does not add up, ledger first.</summary>
    public required IReadOnlyList<LedgerProblem> Problems { get; init; }

    /// <summary>True when the accounting is proven.</summary>
    public bool IsProven => Problems.Count == 0;

    /// <summary>True when the run says that it is over; otherwise it is under way or was stopped, and its newest step may be half recorded.</summary>
    public required bool HasEnded { get; init; }

    /// <summary>Events of the ledger that were read.</summary>
    public required int Events { get; init; }

    /// <summary>Steps committed in the lineage of the newest weights.</summary>
    public required int Steps { get; init; }

    /// <summary>The newest lineage.</summary>
    public required int Lineage { get; init; }

    /// <summary>Prompts drawn.</summary>
    public required int Prompts { get; init; }

    /// <summary>
    /// Prompts by end state, every one of the six named, in the order trained, rejected, failed, quarantined, withdrawn, unfinished. Of a run that has not
    /// ended, the sum is less than <see cref="Prompts"/>.
    /// </summary>
    public required IReadOnlyList<KeyValuePair<string, int>> EndStates { get; init; }
}
