namespace Intellect3.Actors.Coordination;

/// <summary>What a delivered group comes down to for its prompt.</summary>
/// <param name="Reward">Mean reward of the rollouts that did not fail.</param>
/// <param name="Lineage">The lineage of its tokens.</param>
/// <param name="OldestVersion">The number of the oldest version among its tokens.</param>
/// <param name="HasAdvantage">False when every advantage is zero, so that there is nothing to learn.</param>
public sealed record GroupOutcome(double Reward, int Lineage, int OldestVersion, bool HasAdvantage);
