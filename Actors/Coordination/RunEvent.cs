using System.Text.Json.Serialization;

namespace Intellect3.Actors.Coordination;

/// <summary>
/// What happened to a run: the journal's entries, persisted before their effects. <c>ledger.jsonl</c> is their projection, one line an event, and
/// docs/ledger.md describes it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(RunStarted), "run_started")]
[JsonDerivedType(typeof(CoordinatorStarted), "coordinator_started")]
[JsonDerivedType(typeof(WarmupCommitted), "warmup_committed")]
[JsonDerivedType(typeof(ReinforcementStarted), "reinforcement_started")]
[JsonDerivedType(typeof(PromptsDrawn), "prompts_drawn")]
[JsonDerivedType(typeof(AttemptsOpened), "attempts_opened")]
[JsonDerivedType(typeof(GroupAccepted), "group_accepted")]
[JsonDerivedType(typeof(AttemptEnded), "attempt_ended")]
[JsonDerivedType(typeof(PromptEnded), "prompt_ended")]
[JsonDerivedType(typeof(BatchCut), "batch_cut")]
[JsonDerivedType(typeof(PayloadsStruck), "payloads_struck")]
[JsonDerivedType(typeof(StepCommitted), "step_committed")]
[JsonDerivedType(typeof(CheckpointWritten), "checkpoint_written")]
[JsonDerivedType(typeof(RolledBack), "rolled_back")]
[JsonDerivedType(typeof(EnvironmentQuarantined), "environment_quarantined")]
[JsonDerivedType(typeof(CurriculumChanged), "curriculum_changed")]
[JsonDerivedType(typeof(EvaluationRecorded), "evaluation_recorded")]
[JsonDerivedType(typeof(RunEnded), "run_ended")]
public abstract record RunEvent;

/// <summary>A run began. Numbers that later checks need stand here, so that a ledger can be read alone.</summary>
public sealed record RunStarted(string Run, ulong Seed, int Steps, int GroupsPerBatch, int TargetLag) : RunEvent;

/// <summary>A coordinator took over under a new, higher epoch.</summary>
public sealed record CoordinatorStarted(int Epoch) : RunEvent;

/// <summary>A supervised step took effect.</summary>
public sealed record WarmupCommitted(int Step) : RunEvent;

/// <summary>Warm-up is over; the weights are version 0 of lineage 1.</summary>
public sealed record ReinforcementStarted(int WarmupSteps) : RunEvent;

/// <summary>Prompts first, first + 1 ... were drawn.</summary>
public sealed record PromptsDrawn(long First, IReadOnlyList<PromptSource> Sources) : RunEvent;

/// <summary>Attempts began, at this version or a newer one.</summary>
public sealed record AttemptsOpened(int Lineage, int Version, IReadOnlyList<AttemptKey> Attempts) : RunEvent;

/// <summary>A group was delivered and accepted: it waits for a batch.</summary>
public sealed record GroupAccepted(long Prompt, int Attempt, double Reward, int OldestVersion) : RunEvent;

/// <summary>An attempt ended without being accepted; unless the prompt ends with it, it is open again.</summary>
public sealed record AttemptEnded(long Prompt, int Attempt, AttemptOutcome Outcome, string Reason) : RunEvent;

/// <summary>A prompt ended in a state other than trained.</summary>
public sealed record PromptEnded(long Prompt, PromptState State, string Reason) : RunEvent;

/// <summary>A batch was cut: these prompts, in this order.</summary>
public sealed record BatchCut(int Step, IReadOnlyList<AttemptKey> Members) : RunEvent;

/// <summary>Payloads of a batch vanished before any gradient: the prompts are open again and the batch is cut anew.</summary>
public sealed record PayloadsStruck(int Step, IReadOnlyList<AttemptKey> Members) : RunEvent;

/// <summary>Step n took effect: version n exists, and the prompts of its batch are trained.</summary>
public sealed record StepCommitted(int Step) : RunEvent;

/// <summary>A complete checkpoint of the state after this step exists.</summary>
public sealed record CheckpointWritten(RunPhase Phase, int Step) : RunEvent;

/// <summary>The run went back to a checkpoint: what ended after it is open again, in a new lineage.</summary>
public sealed record RolledBack(RunPhase Phase, int Step, int Lineage) : RunEvent;

/// <summary>An environment failed too often; its open prompts end as quarantined.</summary>
public sealed record EnvironmentQuarantined(string Environment, string Reason) : RunEvent;

/// <summary>Where new prompts come from was changed; prompts of an environment that is not among the entries end as withdrawn when they are not in flight.</summary>
public sealed record CurriculumChanged(IReadOnlyList<CurriculumEntry> Entries, string Reason) : RunEvent;

/// <summary>An evaluation of the policy; means over its tasks, null where a way of sampling was not asked for.</summary>
public sealed record EvaluationRecorded(string Label, int Tasks, double? Greedy, double? Sampled, double? GreedySuccess, double? SampledSuccess) : RunEvent;

/// <summary>The run is over; what had not ended is unfinished.</summary>
public sealed record RunEnded(string Reason) : RunEvent;
