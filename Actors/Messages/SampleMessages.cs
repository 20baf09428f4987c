namespace Intellect3.Actors.Messages;

/// <summary>About the payloads that a rollout node keeps for the trainer.</summary>
[WireProtocol("samples", 1)]
public interface ISamplesMessage : IWireMessage;

/// <summary>The step that needed these payloads is committed, or nothing needs them any more. Unknown keys are ignored.</summary>
/// <param name="Keys">The keys of their <see cref="Transport.ContentRef"/>s.</param>
public sealed record FreeSamples(IReadOnlyList<string> Keys) : ISamplesMessage;

/// <summary>Answered by <see cref="SampleStoreStatus"/>.</summary>
public sealed record GetSampleStoreStatus : ISamplesMessage;

/// <summary>How full a node's store of payloads is. [bytes]</summary>
public sealed record SampleStoreStatus(int Payloads, long InUse, long Capacity) : ISamplesMessage;
