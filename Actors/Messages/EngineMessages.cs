using Akka.Actor;
using Intellect3.Actors.Devices;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Messages;

/// <summary>Between the scheduler and a rollout node's engines.</summary>
[WireProtocol("engines", 1)]
public interface IEnginesMessage : IWireMessage;

/// <summary>Asks a node how much room its engines have; answered by <see cref="FreeSlots"/>.</summary>
public sealed record GetFreeSlots : IEnginesMessage;

/// <param name="Slots">Sequences that the node's engines can run at once.</param>
/// <param name="Free">Slots that no sequence holds or waits for; never negative.</param>
public sealed record FreeSlots(int Slots, int Free) : IEnginesMessage;

/// <summary>Asks a node, or one engine, how its engines are; answered by <see cref="EnginesStatus"/>, or <see cref="EngineStatus"/>.</summary>
public sealed record GetEngineStatus : IEnginesMessage;

/// <summary>One entry an engine of the node that answered in time.</summary>
public sealed record EnginesStatus(IReadOnlyList<EngineStatus> Engines) : IEnginesMessage;

/// <summary>How an engine stood after its last step.</summary>
/// <param name="Version">What it samples from; null before the first weights.</param>
/// <param name="Running">Sequences that hold a slot.</param>
/// <param name="Waiting">Sequences that wait for one.</param>
/// <param name="SwapDelay">How long the last weights waited for the end of a step.</param>
/// <param name="Statistics">Counters since the engine started.</param>
public sealed record EngineStatus(PolicyVersion? Version, int Running, int Waiting, TimeSpan SwapDelay, EngineStatistics Statistics) : IEnginesMessage;

/// <summary>Within a node: generate. Answered, once, by <see cref="Generated"/> or <see cref="GenerationFailed"/>. When the sender dies, its generations are aborted.</summary>
/// <param name="Request">Its id is the sender's, unique among the sender's live requests.</param>
/// <param name="Affinity">Requests of the same affinity go to the same engine while it has room, so that they share cached prefixes.</param>
public sealed record Generate(GenerationRequest Request, string Affinity) : INoSerializationVerificationNeeded;

/// <summary>Within a node: a sequence ended, by itself or because it was aborted.</summary>
/// <param name="Result">Has the id of the request.</param>
public sealed record Generated(GenerationResult Result) : INoSerializationVerificationNeeded;

/// <summary>Within a node: a request got no result.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="Reason">What a caller decides by.</param>
/// <param name="Detail">For people.</param>
public sealed record GenerationFailed(long Id, GenerationFailure Reason, string Detail) : INoSerializationVerificationNeeded;

/// <summary>Within a node: end the sender's request early; it is answered with what was sampled. Unknown ids are ignored.</summary>
public sealed record AbortGeneration(long Id) : INoSerializationVerificationNeeded;

/// <summary>
/// Within a node: swap to these weights between two steps. The sender keeps its reference until it sends newer ones; a receiver that keeps them takes
/// one of its own, and skips weights that are gone, because newer ones are on their way then.
/// </summary>
public sealed record SwapWeights(IEngineWeights Weights) : INoSerializationVerificationNeeded;
