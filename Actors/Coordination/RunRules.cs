namespace Intellect3.Actors.Coordination;

/// <summary>The numbers that decide what a run does next; see <see cref="RunSettings"/> for their meaning.</summary>
public sealed record RunRules
{
    public required int Steps { get; init; }

    public required int GroupsPerBatch { get; init; }

    /// <summary>Groups in flight or waiting at once when the run is asynchronous: what is beyond a batch overlaps its stragglers, and grows stale meanwhile.</summary>
    public required int GroupsInFlight { get; init; }

    public required int TargetLag { get; init; }

    public int MaxOffPolicySteps { get; init; } = 8;

    public int MaxAttempts { get; init; } = 3;

    public int MaxStaleAttempts { get; init; } = 8;

    public int MaxLostAttempts { get; init; } = 100;

    /// <summary>A group without advantage takes its place in the batch with it (the batch shrinks), instead of being replaced.</summary>
    public bool DropZeroAdvantage { get; init; }

    /// <summary>Groups without advantage in a row after which nothing will come of the run.</summary>
    public int MaxGroupsWithoutAdvantage { get; init; } = int.MaxValue;

    public double QuarantineFailureRate { get; init; } = 0.5;

    public bool IsSynchronous => TargetLag == 0;

    public static RunRules From(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new RunRules
        {
            Steps = settings.Steps,
            GroupsPerBatch = settings.Rollout.GroupsPerBatch,
            GroupsInFlight = settings.Rollout.GroupsInFlight > 0 ? settings.Rollout.GroupsInFlight : settings.Rollout.GroupsPerBatch,
            TargetLag = settings.Trainer.TargetLag,
            MaxOffPolicySteps = settings.Rollout.MaxOffPolicySteps,
            MaxAttempts = settings.Rollout.MaxAttempts,
            MaxStaleAttempts = settings.Rollout.MaxStaleAttempts,
            MaxLostAttempts = settings.Rollout.MaxLostAttempts,
            DropZeroAdvantage = settings.Trainer.ZeroAdvantage == "drop",
            MaxGroupsWithoutAdvantage = settings.Trainer.MaxEmptyBatches * settings.Rollout.GroupsPerBatch,
            QuarantineFailureRate = settings.Rollout.QuarantineFailureRate,
        };
    }
}
