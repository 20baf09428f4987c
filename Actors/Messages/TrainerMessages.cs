using Akka.Actor;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Messages;

/// <summary>Between the coordinator and the trainer's shards. A step goes prepare, compute, commit; each is answered.</summary>
[WireProtocol("trainer", 2)]
public interface ITrainerMessage : IWireMessage;

/// <summary>Makes the trainer's state: a new model from the seed (or the model's folder), or a checkpoint. Answered by <see cref="TrainerReady"/> or <see cref="TrainerRefused"/>.</summary>
/// <param name="Epoch">The coordinator's; lower ones are refused from now on.</param>
/// <param name="Checkpoint">Folder of a checkpoint, or null for the beginning.</param>
/// <param name="Version">The version that the state is.</param>
/// <param name="Phase">Which steps come next.</param>
public sealed record StartTraining(int Epoch, string? Checkpoint, PolicyVersion Version, RunPhase Phase) : ITrainerMessage;

/// <param name="Parameters">Elements of the model.</param>
public sealed record TrainerReady(int Epoch, long Parameters) : ITrainerMessage;

/// <summary>Something that was asked for could not be done; the trainer's state is as before.</summary>
/// <param name="What">The message that was refused.</param>
/// <param name="Reason">For people: what, why, what to do.</param>
public sealed record TrainerRefused(int Epoch, string What, string Reason) : ITrainerMessage;

/// <summary>A member of a batch.</summary>
public sealed record BatchMember(long Prompt, int Attempt, ContentRef Payload);

/// <summary>Pull a batch. Answered by <see cref="StepPrepared"/> or <see cref="PayloadsMissing"/>. A warm-up step has no members: its batch is a function of (seed, step).</summary>
public sealed record PrepareStep(int Epoch, RunPhase Phase, int Step, IReadOnlyList<BatchMember> Members) : ITrainerMessage;

public sealed record StepPrepared(int Epoch, RunPhase Phase, int Step) : ITrainerMessage;

/// <summary>Payloads that cannot be pulled (any more).</summary>
public sealed record PayloadsMissing(int Epoch, int Step, IReadOnlyList<AttemptKey> Members) : ITrainerMessage;

/// <summary>Compute gradients and update into pending buffers. Answered by <see cref="StepComputed"/>.</summary>
public sealed record ComputeStep(int Epoch, RunPhase Phase, int Step) : ITrainerMessage;

/// <summary>A step waits to be committed.</summary>
/// <param name="Metrics">By prime-rl's names.</param>
/// <param name="Groups">What was trained, for <c>trained.jsonl</c>.</param>
public sealed record StepComputed(int Epoch, RunPhase Phase, int Step, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<TrainedGroup> Groups) : ITrainerMessage;

/// <summary>A group that a step trained on, with the hash of its token ids.</summary>
public sealed record TrainedGroup(long Prompt, int Attempt, string Tokens);

/// <summary>Make a computed step the state, as this version, and publish it if asked. Answered by <see cref="StepTaken"/> once it is published.</summary>
public sealed record CommitStep(int Epoch, RunPhase Phase, int Step, PolicyVersion Version, bool Publish) : ITrainerMessage;

public sealed record StepTaken(int Epoch, RunPhase Phase, int Step, PolicyVersion Version) : ITrainerMessage;

/// <summary>Start a phase on the present weights with a new optimizer, and publish them as this version. Answered by <see cref="PhaseStarted"/>.</summary>
public sealed record StartPhase(int Epoch, RunPhase Phase, PolicyVersion Version) : ITrainerMessage;

public sealed record PhaseStarted(int Epoch, PolicyVersion Version) : ITrainerMessage;

/// <summary>Write a checkpoint of the committed state below a folder. Answered by <see cref="StateSaved"/> or <see cref="TrainerRefused"/>.</summary>
/// <param name="Folder">The run's checkpoints.</param>
public sealed record SaveCheckpoint(int Epoch, string Folder, RunPhase Phase, int Step) : ITrainerMessage;

/// <summary>Write the committed model as a Hugging Face folder. Answered by <see cref="StateSaved"/> or <see cref="TrainerRefused"/>.</summary>
public sealed record ExportModel(int Epoch, string Folder) : ITrainerMessage;

/// <param name="Folder">What was written.</param>
/// <param name="Sha256">Of its model.safetensors.</param>
public sealed record StateSaved(int Epoch, string Folder, string Sha256) : ITrainerMessage;

/// <summary>A trainer is there. Sent on start, after a fault, to a new coordinator, and every few seconds.</summary>
/// <param name="Instance">The run.</param>
/// <param name="Incarnation">Names its node's process.</param>
/// <param name="Trainer">Whom to tell.</param>
/// <param name="Life">Counts its starts and restarts: with a new one it has empty hands and needs <see cref="StartTraining"/>.</param>
public sealed record TrainerHere(string Instance, string Incarnation, IActorRef Trainer, string Life) : ITrainerMessage;
