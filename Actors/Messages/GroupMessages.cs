using Akka.Actor;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Tasks;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Messages;

/// <summary>Between the coordinator and the groups that generate: sharded entities of region <c>rollout-group</c>.</summary>
[WireProtocol("groups", 2)]
public interface IGroupMessage : IWireMessage
{
    /// <summary>The entity.</summary>
    GroupId Id { get; }
}

/// <summary>What a group's episodes are for.</summary>
public enum GroupPurpose
{
    Training,

    /// <summary>Warm-up probes and held-out evaluations: no prompts, nothing is accounted for.</summary>
    Evaluation,
}

/// <summary>Names an attempt at a group. The shard is the incarnation of the node that runs it and stands in the id so that the scheduler places the entity; it enters no key and no ledger.</summary>
/// <param name="Shard">The node's incarnation.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Number">The prompt, or the number within an evaluation.</param>
/// <param name="Attempt">From 1.</param>
public sealed record GroupId(string Shard, GroupPurpose Purpose, long Number, int Attempt)
{
    /// <summary>The sharded entity's id.</summary>
    public override string ToString() => $"{(Purpose == GroupPurpose.Training ? "prompt" : "evaluation")}-{Number}-{Attempt}";
}

/// <summary>Starts the episodes of a group. Answered once by <see cref="GroupDelivered"/> or <see cref="GroupEnded"/>.</summary>
/// <param name="Id">The entity.</param>
/// <param name="Epoch">The coordinator's; lower ones are refused.</param>
/// <param name="Environment">The task set's name.</param>
/// <param name="EnvironmentVersion">Its version.</param>
/// <param name="EnvironmentHash">Of its package.</param>
/// <param name="Split">Which half of the task set.</param>
/// <param name="TaskIndex">The task of the first episode.</param>
/// <param name="TaskStride">0: all episodes are of one task. 1: each is of the next.</param>
/// <param name="Size">Episodes.</param>
/// <param name="Temperature">0 is greedy.</param>
/// <param name="SamplingPrompt">The prompt's part of the sampling key.</param>
/// <param name="Version">The version that the engines must have reached.</param>
/// <param name="Coordinator">Whom to answer.</param>
public sealed record StartGroup(
    GroupId Id,
    int Epoch,
    string Environment,
    string EnvironmentVersion,
    string EnvironmentHash,
    TaskSplit Split,
    long TaskIndex,
    int TaskStride,
    int Size,
    float Temperature,
    ulong SamplingPrompt,
    PolicyVersion Version,
    IActorRef Coordinator) : IGroupMessage;

/// <summary>Gives a group up; nothing is answered.</summary>
public sealed record CancelGroup(GroupId Id) : IGroupMessage;

/// <summary>All episodes ended, and enough of them well. Their tokens and traces stay on the node, under <paramref name="Payload"/>.</summary>
/// <param name="Id">The group.</param>
/// <param name="Epoch">Of the coordinator that started it.</param>
/// <param name="Rollouts">One a rollout, in order.</param>
/// <param name="Payload">A <see cref="Samples.GroupPayload"/>.</param>
public sealed record GroupDelivered(GroupId Id, int Epoch, IReadOnlyList<RolloutSummary> Rollouts, ContentRef Payload) : IGroupMessage;

/// <summary>The group has no result.</summary>
/// <param name="IsFailure">True when its own episodes failed, false when it was lost (an engine, a node).</param>
/// <param name="Reason">For people.</param>
public sealed record GroupEnded(GroupId Id, int Epoch, bool IsFailure, string Reason) : IGroupMessage;

/// <summary>What the coordinator needs to know of a rollout.</summary>
/// <param name="Reward">Null when it failed.</param>
/// <param name="Success">The metric <c>success</c>, where the task set has it.</param>
/// <param name="SampledTokens">Tokens of the policy.</param>
/// <param name="TotalTokens">All tokens.</param>
/// <param name="Turns">Turns of the policy.</param>
/// <param name="Lineage">The lineage of its versions; the newest if there are two.</param>
/// <param name="OldestVersion">Number of its oldest version; -1 when a token is of an older lineage.</param>
/// <param name="NewestVersion">Number of its newest version.</param>
/// <param name="Error">Why it failed; null otherwise.</param>
public sealed record RolloutSummary(double? Reward, double? Success, int SampledTokens, int TotalTokens, int Turns, int Lineage, int OldestVersion, int NewestVersion, string? Error);
