using Intellect3.Model.Inference;
using Intellect3.Model.Training;

namespace Intellect3.Actors.Coordination;

/// <summary>Every setting of a run, typed. Cluster.Host fills it from HOCON and switches; this assembly reads no configuration files.</summary>
public sealed record RunSettings
{
    /// <summary>The recipe's name, for people.</summary>
    public required string Recipe { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Optimizer steps of reinforcement learning.</summary>
    public required int Steps { get; init; }

    public required ModelSettings Model { get; init; }

    /// <summary>What is trained on: one entry an environment, weights need not add up to 1.</summary>
    public required IReadOnlyList<EnvironmentSettings> Environments { get; init; }

    public required WarmupSettings Warmup { get; init; }

    public required RolloutSettings Rollout { get; init; }

    public required TrainerSettings Trainer { get; init; }

    public required EvaluationSettings Evaluation { get; init; }

    public required CheckpointSettings Checkpoint { get; init; }

    public DeviceSettings Device { get; init; } = new();
}

/// <summary>Where the policy comes from: a folder, or a new model of this shape made from the seed.</summary>
public sealed record ModelSettings
{
    /// <summary>A Hugging Face folder to start from, or null to make a new model.</summary>
    public string? Folder { get; init; }

    public int HiddenSize { get; init; } = 128;

    public int Layers { get; init; } = 2;

    public int AttentionHeads { get; init; } = 4;

    public int KeyValueHeads { get; init; } = 4;

    public int HeadDimension { get; init; } = 32;

    public int IntermediateSize { get; init; } = 384;

    public int MaxPositions { get; init; } = 128;

    public double RopeTheta { get; init; } = 10_000;

    public bool TieWordEmbeddings { get; init; }
}

/// <summary>An environment and its share of new groups.</summary>
public sealed record EnvironmentSettings(string Name, double Weight);

/// <summary>Supervised warm-up on the environments' worked examples.</summary>
public sealed record WarmupSettings
{
    /// <summary>The most steps; 0 skips the stage.</summary>
    public int MaxSteps { get; init; } = 400;

    /// <summary>Warm-up ends once sampled reward (or success, see <see cref="StopMetric"/>) reaches this.</summary>
    public double StopAt { get; init; } = 0.45;

    /// <summary><c>reward</c> or <c>success</c> (reward exactly 1).</summary>
    public string StopMetric { get; init; } = "reward";

    public int ProbeFrom { get; init; } = 20;

    public int ProbeInterval { get; init; } = 5;

    public int ProbeTasks { get; init; } = 128;

    public int BatchSize { get; init; } = 64;

    public double LearningRate { get; init; } = 1e-3;

    public int WarmupSteps { get; init; } = 10;
}

/// <summary>How episodes are generated.</summary>
public sealed record RolloutSettings
{
    /// <summary>Engines of a rollout node, one device each.</summary>
    public int Engines { get; init; } = 1;

    /// <summary><c>cpu</c> (our kernels) or <c>torch</c>.</summary>
    public string Backend { get; init; } = "cpu";

    /// <summary>Groups of a batch.</summary>
    public int GroupsPerBatch { get; init; } = 16;

    /// <summary>Groups in flight or waiting at once in an asynchronous run; 0 takes <see cref="GroupsPerBatch"/>. More overlap a batch's stragglers with the next batch, and grow stale meanwhile.</summary>
    public int GroupsInFlight { get; init; }

    /// <summary>Rollouts of a group.</summary>
    public int GroupSize { get; init; } = 8;

    public float Temperature { get; init; } = 1;

    /// <summary>Sequences that an engine runs at once.</summary>
    public int Slots { get; init; } = 64;

    public int CacheTokens { get; init; } = 65_536;

    public KvOnUpdate KvOnUpdate { get; init; } = KvOnUpdate.Keep;

    /// <summary>A group with a token older than this many versions ends as stale.</summary>
    public int MaxOffPolicySteps { get; init; } = 8;

    /// <summary>Own failures of a prompt before it ends as failed.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Stale endings of a prompt before it is rejected as stale too often.</summary>
    public int MaxStaleAttempts { get; init; } = 8;

    /// <summary>Lost attempts of a prompt before it ends as failed.</summary>
    public int MaxLostAttempts { get; init; } = 100;

    /// <summary>Share of failed episodes of an environment above which it is quarantined.</summary>
    public double QuarantineFailureRate { get; init; } = 0.5;

    /// <summary>Scorings at once on a node.</summary>
    public int Verifiers { get; init; } = 2;

    /// <summary>Deadline of one scoring; past it the rollout fails.</summary>
    public TimeSpan ScoreTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Deadline of a whole group; past it the attempt is lost and re-issued.</summary>
    public TimeSpan GroupTimeout { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>The learner.</summary>
public sealed record TrainerSettings
{
    public TrainerOptions Options { get; init; } = new();

    /// <summary>Threads that work on the logical shards side by side; never changes a bit.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Versions that rollouts may lag behind; 0 is synchronous.</summary>
    public int TargetLag { get; init; } = 1;

    public double LearningRate { get; init; } = 2e-4;

    /// <summary><c>constant</c>, <c>linear</c> or <c>cosine</c>.</summary>
    public string Schedule { get; init; } = "constant";

    public int WarmupSteps { get; init; } = 10;

    public int DecaySteps { get; init; }

    public double MinLearningRate { get; init; }

    /// <summary><c>grpo</c> or <c>max_rl</c>.</summary>
    public string Advantage { get; init; } = "grpo";

    /// <summary>Groups whose advantages are all zero: <c>refill</c> (rejected and replaced) or <c>drop</c> (the batch shrinks).</summary>
    public string ZeroAdvantage { get; init; } = "refill";

    /// <summary>A run fails once so many batches' worth of groups in a row had no advantage: there is nothing to learn, or nothing left.</summary>
    public int MaxEmptyBatches { get; init; } = 20;
}

/// <summary>Held-out evaluation.</summary>
public sealed record EvaluationSettings
{
    /// <summary>Tasks of the evaluations before and after.</summary>
    public int Tasks { get; init; } = 500;

    /// <summary>Steps between online evaluations; 0 for none.</summary>
    public int Interval { get; init; } = 25;

    /// <summary>Tasks of an online evaluation.</summary>
    public int OnlineTasks { get; init; } = 128;
}

/// <summary>When checkpoints are written.</summary>
public sealed record CheckpointSettings
{
    /// <summary>Steps between checkpoints; 0 for the last step alone.</summary>
    public int Interval { get; init; } = 20;

    /// <summary>Newest checkpoints kept.</summary>
    public int KeepLast { get; init; } = 2;
}

/// <summary>What computes.</summary>
public sealed record DeviceSettings
{
    /// <summary>Pins the kernel path: <c>auto</c>, <c>avx512</c>, <c>avx2</c>, <c>advsimd</c> or <c>portable</c>. Bits are the same for one path.</summary>
    public string Kernels { get; init; } = "auto";
}
