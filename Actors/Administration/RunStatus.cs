using Intellect3.Actors.Coordination;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Administration;

/// <summary>What a person wants to know of a run at a glance. Made by the coordinator, cheap to ask for a few times a second.</summary>
public sealed record RunStatus : Messages.IRunMessage
{
    public required string Run { get; init; }

    public required string Recipe { get; init; }

    public required RunStage Stage { get; init; }

    /// <summary>The last committed step of the stage: of warm-up, or of reinforcement learning.</summary>
    public required int Step { get; init; }

    /// <summary>Steps of the stage (the cap, in warm-up).</summary>
    public required int Steps { get; init; }

    public required PolicyVersion Version { get; init; }

    /// <summary>Mean reward of the batches so far, oldest first, at most the last 60.</summary>
    public required IReadOnlyList<double> RewardHistory { get; init; }

    /// <summary>The last probe or online evaluation: sampled reward; null before the first.</summary>
    public double? EvaluationReward { get; init; }

    /// <summary>Mean staleness of the last batch, in versions.</summary>
    public double Staleness { get; init; }

    public double SampledTokensPerSecond { get; init; }

    public double TrainedTokensPerSecond { get; init; }

    public int GroupsInFlight { get; init; }

    /// <summary>Delivered groups that wait for a batch.</summary>
    public int GroupsWaiting { get; init; }

    public TimeSpan Elapsed { get; init; }

    /// <summary>A guess at what is left, or null while there is nothing to go by.</summary>
    public TimeSpan? Remaining { get; init; }

    /// <summary>What each rollout node works on.</summary>
    public IReadOnlyList<NodeWork> Nodes { get; init; } = [];

    /// <summary>Set when the run failed: what, why and what to do.</summary>
    public string? Failure { get; init; }
}
