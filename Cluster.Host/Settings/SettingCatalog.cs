using Intellect3.Actors.Coordination;
using Intellect3.Kernels.Features;
using Intellect3.Model.Inference;
using Intellect3.Model.Training;
using Intellect3.Model.Training.Advantages;
using Intellect3.Model.Training.Losses;
using Intellect3.Model.Training.Schedules;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>
/// Every setting there is. From this list come hocon/reference.conf, docs/settings.md, validation, <c>--set</c>, <c>config show</c> and <see cref="RunSettings"/>; the defaults are
/// those of its records. Environments are the one thing beside it: <c>environments</c> is an object whose keys are their names.
/// </summary>
public static class SettingCatalog
{
    /// <summary>The object whose keys are environments and whose values are their weights.</summary>
    public const string EnvironmentsKey = "environments";

    /// <summary>In a file alone: the recipe that the file builds on.</summary>
    public const string RecipeKey = "recipe";

    internal static readonly ValueKind<double> EnvironmentWeight = new NumberKind<double>(0, null);

    private static readonly SettingSection<RunSettings> Run = new("", s => s, (_, run) => run);
    private static readonly SettingSection<ModelSettings> Model = new("model", s => s.Model, (s, model) => s with { Model = model });
    private static readonly SettingSection<WarmupSettings> Warmup = new("warmup", s => s.Warmup, (s, warmup) => s with { Warmup = warmup });
    private static readonly SettingSection<RolloutSettings> Rollout = new("rollout", s => s.Rollout, (s, rollout) => s with { Rollout = rollout });
    private static readonly SettingSection<TrainerSettings> Trainer = new("trainer", s => s.Trainer, (s, trainer) => s with { Trainer = trainer });
    private static readonly SettingSection<TrainerOptions> Learner = new("trainer", s => s.Trainer.Options, (s, o) => s with { Trainer = s.Trainer with { Options = o } });
    private static readonly SettingSection<EvaluationSettings> Evaluation = new("eval", s => s.Evaluation, (s, eval) => s with { Evaluation = eval });
    private static readonly SettingSection<CheckpointSettings> Checkpoint = new("checkpoint", s => s.Checkpoint, (s, checkpoint) => s with { Checkpoint = checkpoint });
    private static readonly SettingSection<DeviceSettings> Device = new("device", s => s.Device, (s, device) => s with { Device = device });

    /// <summary>The first words of a key and what the settings under it are about, in the order of the documents.</summary>
    public static IReadOnlyList<(string Prefix, string Title)> Sections { get; } =
    [
        ("", "The run"),
        ("model", "The policy: a model folder, or a new model of this shape"),
        ("warmup", "Supervised warm-up on the environments' worked examples"),
        ("rollout", "Rollouts: how episodes are generated"),
        ("trainer", "The trainer"),
        ("eval", "Held-out evaluation"),
        ("checkpoint", "Checkpoints"),
        ("device", "Devices"),
    ];

    /// <summary>What a run is before any recipe, file or switch.</summary>
    public static RunSettings Defaults { get; } = new()
    {
        Recipe = "",
        Seed = 1,
        Steps = 100,
        Model = new(),
        Environments = [],
        Warmup = new(),
        Rollout = new(),
        Trainer = new(),
        Evaluation = new(),
        Checkpoint = new(),
    };

    /// <summary>In the order of the documents: section by section.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        Run.Text("name", r => r.Recipe, (r, v) => r with { Recipe = v }, "What run directories and summaries call the run; empty takes the name of the recipe or file."),
        Run.Define("seed", new NumberKind<ulong>(0, null), r => r.Seed, (r, v) => r with { Seed = v }, "Seed of everything random: the new model, tasks, samples."),
        Run.Integer("steps", r => r.Steps, (r, v) => r with { Steps = v }, 0, 10_000_000, "Optimizer steps of reinforcement learning; 0 ends the run after warm-up."),

        Model.Text("folder", m => m.Folder ?? "", (m, v) => m with { Folder = v.Length == 0 ? null : v }, "A Hugging Face folder to start from; empty makes a new model of the shape below."),
        Model.Integer("hidden-size", m => m.HiddenSize, (m, v) => m with { HiddenSize = v }, 1, 65_536, "Width of the residual stream."),
        Model.Integer("layers", m => m.Layers, (m, v) => m with { Layers = v }, 1, 512, "Decoder layers."),
        Model.Integer("attention-heads", m => m.AttentionHeads, (m, v) => m with { AttentionHeads = v }, 1, 1024, "Query heads; a multiple of the key-value heads."),
        Model.Integer("key-value-heads", m => m.KeyValueHeads, (m, v) => m with { KeyValueHeads = v }, 1, 1024, "Key-value heads."),
        Model.Integer("head-dimension", m => m.HeadDimension, (m, v) => m with { HeadDimension = v }, 2, 1024, "Width of a head; even, for the rotary embedding."),
        Model.Integer("intermediate-size", m => m.IntermediateSize, (m, v) => m with { IntermediateSize = v }, 1, 262_144, "Width of the gated feed-forward layer."),
        Model.Integer("max-positions", m => m.MaxPositions, (m, v) => m with { MaxPositions = v }, 2, 1_048_576, "The longest sequence, prompt and answer together, in tokens."),
        Model.Real("rope-theta", m => m.RopeTheta, (m, v) => m with { RopeTheta = v }, 1, 1e9, "Base of the rotary embedding's wavelengths."),
        Model.Switch("tie-word-embeddings", m => m.TieWordEmbeddings, (m, v) => m with { TieWordEmbeddings = v }, "The output head shares the embedding's weights."),

        Warmup.Integer("max-steps", w => w.MaxSteps, (w, v) => w with { MaxSteps = v }, 0, 10_000_000, "The most warm-up steps; 0 skips the stage."),
        Warmup.Real("stop-at", w => w.StopAt, (w, v) => w with { StopAt = v }, 0, 1, "Warm-up ends once the probed value reaches this."),
        Warmup.Choice("stop-metric", w => w.StopMetric, (w, v) => w with { StopMetric = v }, ["reward", "success"], "What a probe measures at temperature 1: the mean reward, or the share of exact successes."),
        Warmup.Integer("probe-from", w => w.ProbeFrom, (w, v) => w with { ProbeFrom = v }, 1, null, "Step of the first probe."),
        Warmup.Integer("probe-interval", w => w.ProbeInterval, (w, v) => w with { ProbeInterval = v }, 1, null, "Steps between probes."),
        Warmup.Integer("probe-tasks", w => w.ProbeTasks, (w, v) => w with { ProbeTasks = v }, 1, 100_000, "Tasks of a probe, one sample each."),
        Warmup.Integer("batch-size", w => w.BatchSize, (w, v) => w with { BatchSize = v }, 1, 65_536, "Worked examples of a step."),
        Warmup.Real("learning-rate", w => w.LearningRate, (w, v) => w with { LearningRate = v }, 0, 1, "Peak learning rate of warm-up, constant after its ramp."),
        Warmup.Integer("warmup-steps", w => w.WarmupSteps, (w, v) => w with { WarmupSteps = v }, 0, null, "Steps over which the learning rate of warm-up rises to its peak."),

        Rollout.Integer("engines", r => r.Engines, (r, v) => r with { Engines = v }, 1, 64, "Inference engines of a rollout node, a device each."),
        Rollout.Choice("backend", r => r.Backend, (r, v) => r with { Backend = v }, ["cpu", "torch"], "Our own kernels (equal bits whatever the batch), or libtorch on any torch device (equal to a tolerance)."),
        Rollout.Integer("groups-per-batch", r => r.GroupsPerBatch, (r, v) => r with { GroupsPerBatch = v }, 1, 65_536, "Groups of a training batch, a prompt each."),
        Rollout.Integer("groups-in-flight", r => r.GroupsInFlight, (r, v) => r with { GroupsInFlight = v }, 0, 65_536, "Groups in flight or waiting at once in an asynchronous run; 0 takes groups-per-batch. More overlap stragglers and grow stale."),
        Rollout.Integer("verifiers", r => r.Verifiers, (r, v) => r with { Verifiers = v }, 1, 1024, "Scorings at once on a rollout node, each on a thread of its own."),
        Rollout.Integer("group-size", r => r.GroupSize, (r, v) => r with { GroupSize = v }, 2, 4096, "Rollouts of a group, whose rewards are compared with each other."),
        Rollout.Define("temperature", new NumberKind<float>(0.01f, 100), r => r.Temperature, (r, v) => r with { Temperature = v }, "Sampling temperature of training; nothing is truncated."),
        Rollout.Integer("slots", r => r.Slots, (r, v) => r with { Slots = v }, 1, 65_536, "Sequences that an engine runs at once."),
        Rollout.Integer("cache-tokens", r => r.CacheTokens, (r, v) => r with { CacheTokens = v }, 16, null, "Tokens that an engine's key-value cache holds."),
        Rollout.Define("kv-on-update", new KvOnUpdateKind(), r => r.KvOnUpdate, (r, v) => r with { KvOnUpdate = v }, "The cache of running sequences at new weights: kept, or computed again with them."),
        Rollout.Integer("max-off-policy-steps", r => r.MaxOffPolicySteps, (r, v) => r with { MaxOffPolicySteps = v }, 0, null, "Versions by which a group's oldest token may lag before its attempt ends as stale."),
        Rollout.Integer("max-attempts", r => r.MaxAttempts, (r, v) => r with { MaxAttempts = v }, 1, null, "Own failures after which a prompt ends as failed."),
        Rollout.Integer("max-stale-attempts", r => r.MaxStaleAttempts, (r, v) => r with { MaxStaleAttempts = v }, 1, null, "Stale attempts after which a prompt is rejected."),
        Rollout.Integer("max-lost-attempts", r => r.MaxLostAttempts, (r, v) => r with { MaxLostAttempts = v }, 1, null, "Lost attempts (a crash, a timeout) after which a prompt ends as failed."),
        Rollout.Real("quarantine-failure-rate", r => r.QuarantineFailureRate, (r, v) => r with { QuarantineFailureRate = v }, 0, 1, "Share of failed episodes above which an environment is quarantined."),
        Rollout.Duration("score-timeout", r => r.ScoreTimeout, (r, v) => r with { ScoreTimeout = v }, "Deadline of one scoring; past it the rollout fails."),
        Rollout.Duration("group-timeout", r => r.GroupTimeout, (r, v) => r with { GroupTimeout = v }, "Deadline of a group; past it the attempt is lost and issued again."),

        Trainer.Integer("target-lag", t => t.TargetLag, (t, v) => t with { TargetLag = v }, 0, 64, "Versions that rollouts may lag behind the trainer; 0 is synchronous, and then equal seeds give equal bits."),
        Learner.Integer("shards", o => o.Shards, (o, v) => o with { Shards = v }, 1, 1024, "Logical data-parallel shards; part of what fixes the bits of a run."),
        Learner.Integer("threads", o => o.Threads, (o, v) => o with { Threads = v }, 1, 256, "Torch threads of a shard; part of what fixes the bits of a run."),
        Trainer.Integer("workers", t => t.Workers, (t, v) => t with { Workers = v }, 1, 256, "Threads that work on logical shards side by side; changes speed, never a bit."),
        Learner.Integer("micro-batch-tokens", o => o.MicroBatchTokens, (o, v) => o with { MicroBatchTokens = v }, 2, 16_777_216, "The most tokens of a packed micro-batch; a longer sequence has one to itself."),
        Learner.Choice("loss", o => o.Loss, (o, v) => o with { Loss = v }, [.. PolicyLosses.Names], "DPPO with a squared log-ratio term, or IcePop."),
        Learner.Real("dppo-mask-low", o => o.DppoMaskLow, (o, v) => o with { DppoMaskLow = v }, 0, 1, "Default loss: a token of negative advantage is masked once its probability fell by more than this."),
        Learner.Real("dppo-mask-high", o => o.DppoMaskHigh, (o, v) => o with { DppoMaskHigh = v }, 0, 1, "Default loss: a token of positive advantage is masked once its probability rose by more than this."),
        Learner.Real("advantage-tau", o => o.AdvantageTau, (o, v) => o with { AdvantageTau = v }, 0, 1e6, "Weight of the advantage term."),
        Learner.Real("kl-tau", o => o.KlTau, (o, v) => o with { KlTau = v }, 0, 1e6, "Default loss: weight of the squared log-ratio."),
        Learner.Real("icepop-ratio-low", o => o.IcePopRatioLow, (o, v) => o with { IcePopRatioLow = v }, 0, 1e6, "IcePop: the lowest importance ratio kept."),
        Learner.Real("icepop-ratio-high", o => o.IcePopRatioHigh, (o, v) => o with { IcePopRatioHigh = v }, 0, 1e6, "IcePop: the highest importance ratio kept."),
        Learner.Real("icepop-sequence-ratio-low", o => o.IcePopSequenceRatioLow, (o, v) => o with { IcePopSequenceRatioLow = v }, 0, 1, "IcePop: a sequence with a token ratio below this is masked whole."),
        Trainer.Choice("advantage", t => t.Advantage, (t, v) => t with { Advantage = v }, [.. GroupAdvantages.Names], "How a group's rewards become advantages: less their mean, or that divided by the mean."),
        Trainer.Integer("max-empty-batches", t => t.MaxEmptyBatches, (t, v) => t with { MaxEmptyBatches = v }, 1, 1_000_000, "Batches' worth of groups in a row without advantage after which the run fails: nothing to learn, or nothing left."),
        Trainer.Choice("zero-advantage", t => t.ZeroAdvantage, (t, v) => t with { ZeroAdvantage = v }, ["refill", "drop"], "Groups of equal rewards: rejected and replaced, or left out of a smaller batch."),
        Trainer.Real("learning-rate", t => t.LearningRate, (t, v) => t with { LearningRate = v }, 0, 1, "Peak learning rate."),
        Trainer.Choice("schedule", t => t.Schedule, (t, v) => t with { Schedule = v }, [.. LearningRateSchedule.Kinds], "The learning rate after its ramp: constant, constant with a linear end (WSD), or half a cosine."),
        Trainer.Integer("warmup-steps", t => t.WarmupSteps, (t, v) => t with { WarmupSteps = v }, 0, null, "Steps of the ramp, over which the learning rate rises to its peak."),
        Trainer.Integer("decay-steps", t => t.DecaySteps, (t, v) => t with { DecaySteps = v }, 0, null, "Linear schedule: last steps, over which the learning rate falls to its minimum."),
        Trainer.Real("min-learning-rate", t => t.MinLearningRate, (t, v) => t with { MinLearningRate = v }, 0, 1, "Where the ramp begins and the linear and cosine schedules end."),
        Learner.Real("max-gradient-norm", o => o.MaxGradientNorm, (o, v) => o with { MaxGradientNorm = v }, 1e-6, 1e9, "Longer gradients are scaled down to this norm."),
        Learner.Real("beta1", o => o.Beta1, (o, v) => o with { Beta1 = v }, 0, 0.999999, "AdamW: decay of the mean of gradients."),
        Learner.Real("beta2", o => o.Beta2, (o, v) => o with { Beta2 = v }, 0, 0.999999, "AdamW: decay of the mean of squared gradients."),
        Learner.Real("epsilon", o => o.Epsilon, (o, v) => o with { Epsilon = v }, 1e-30, 1, "AdamW: added to the root of the second moment."),
        Learner.Real("weight-decay", o => o.WeightDecay, (o, v) => o with { WeightDecay = v }, 0, 1, "AdamW: decoupled weight decay."),

        Evaluation.Integer("tasks", e => e.Tasks, (e, v) => e with { Tasks = v }, 1, 1_000_000, "Held-out tasks of the evaluations before and after, one greedy and one sampled answer each."),
        Evaluation.Integer("interval", e => e.Interval, (e, v) => e with { Interval = v }, 0, null, "Steps between online evaluations of the live policy; 0 for none."),
        Evaluation.Integer("online-tasks", e => e.OnlineTasks, (e, v) => e with { OnlineTasks = v }, 1, 1_000_000, "Held-out tasks of an online evaluation."),

        Checkpoint.Integer("interval", c => c.Interval, (c, v) => c with { Interval = v }, 0, null, "Steps between checkpoints; 0 writes the last step alone."),
        Checkpoint.Integer("keep-last", c => c.KeepLast, (c, v) => c with { KeepLast = v }, 1, null, "Newest checkpoints that are kept."),

        Device.Choice("kernels", d => d.Kernels, (d, v) => d with { Kernels = v }, ["auto", .. Enum.GetValues<KernelPath>().Select(KernelPaths.Name)], "Pins the kernel path; runs give equal bits on one path. auto takes the fastest of the machine."),
    ];

    /// <summary>Keys that a value cannot be given to here, and why.</summary>
    internal static IReadOnlyDictionary<string, string> Refused { get; } = new Dictionary<string, string>
    {
        ["rollout.top-k"] = Truncation,
        ["rollout.top-p"] = Truncation,
        ["rollout.min-p"] = Truncation,
        [EnvironmentsKey] = "It is an object of names and weights: environments { parity = 1 }, or --set environments.parity=1.",
        [RecipeKey] = "A file says with it what it builds on; on the command line the recipe is the argument: intellect3 train parity.",
    };

    private const string Truncation = "Training refuses truncated sampling: its log-probabilities are those of the whole distribution.";

    private static readonly Dictionary<string, Setting> ByKey = All.ToDictionary(s => s.Key);

    /// <summary>The setting of a key, or null.</summary>
    public static Setting? Find(string key) => ByKey.GetValueOrDefault(key);

    /// <summary>The settings of a section.</summary>
    public static IEnumerable<Setting> Of(string section) => All.Where(s => s.Key.LastIndexOf('.') is var dot && (dot < 0 ? section.Length == 0 : s.Key[..dot] == section));

    private sealed class KvOnUpdateKind : ValueKind<KvOnUpdate>
    {
        private static readonly ChoiceKind Words = new("keep", "recompute");

        public override string Description => Words.Description;

        public override string Format(KvOnUpdate value) => value == KvOnUpdate.Keep ? "keep" : "recompute";

        public override KvOnUpdate Parse(string text) => Words.Parse(text) == "keep" ? KvOnUpdate.Keep : KvOnUpdate.Recompute;
    }
}
