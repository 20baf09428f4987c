namespace Intellect3.Actors.Coordination;

/// <summary>Where a prompt stands. The last six are its end states: every prompt of a run reaches exactly one of them, in the lineage of the final weights.</summary>
public enum PromptState
{
    /// <summary>Drawn (again) and not in flight.</summary>
    Open,

    /// <summary>An attempt is being generated or scored.</summary>
    InFlight,

    /// <summary>Delivered and accepted; waits for a batch.</summary>
    Waiting,

    /// <summary>In a batch that is not committed yet.</summary>
    Batched,

    Trained,
    Rejected,
    Failed,
    Quarantined,
    Withdrawn,

    /// <summary>The run ended first.</summary>
    Unfinished,
}
