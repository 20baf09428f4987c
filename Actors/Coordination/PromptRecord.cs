namespace Intellect3.Actors.Coordination;

/// <summary>What a run knows of a prompt.</summary>
/// <param name="Source">What it was drawn from.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attempt">The number of its newest attempt; 0 before the first.</param>
/// <param name="Failures">Attempts that failed by themselves.</param>
/// <param name="Stale">Attempts that ended as stale.</param>
/// <param name="Lost">Attempts that were lost.</param>
/// <param name="OldestVersion">Of a delivered attempt: its oldest token's version.</param>
/// <param name="EndedAtVersion">The policy's number when it ended; what ended at m or later is open again after a rollback to m.</param>
public sealed record PromptRecord(PromptSource Source, PromptState State, int Attempt, int Failures, int Stale, int Lost, int OldestVersion, int EndedAtVersion)
{
    public bool HasEnded => State >= PromptState.Trained;
}
