namespace Intellect3.Actors.Ledger;

/// <summary>Where a prompt stands; from <see cref="Trained"/> on it has ended, and the names are those of the ledger.</summary>
internal enum Standing
{
    Open,
    InFlight,
    Waiting,
    Batched,
    Trained,
    Rejected,
    Failed,
    Quarantined,
    Withdrawn,
    Unfinished,
}

/// <summary>What the ledger has said of a prompt so far.</summary>
internal sealed class LedgerPrompt
{
    public Standing Standing { get; set; }

    /// <summary>The number of the last attempt; 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>True when its last attempt ended as delivered: the prompt can only be rejected now.</summary>
    public bool MustBeRejected { get; set; }

    /// <summary>Reinforcement-learning steps committed when it ended.</summary>
    public int EndedAt { get; set; }

    public bool HasEnded => Standing >= Standing.Trained;
}
