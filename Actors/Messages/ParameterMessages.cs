using Akka.Actor;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Messages;

/// <summary>Between the trainer's broadcaster and the rollout nodes' receivers: which policy version there is and where its bytes are.</summary>
[WireProtocol("parameters", 2)]
public interface IParametersMessage : IWireMessage;

/// <summary>A published version of the parameters.</summary>
/// <param name="Run">The run's instance: receivers of another one ignore it.</param>
/// <param name="Version">The version.</param>
/// <param name="Layout">Fingerprint of the layout of the flat vector: <see cref="Parameters.LayoutFingerprint"/>.</param>
/// <param name="Content">The vector: little-endian float32.</param>
/// <param name="Delta">What changed since an older version, when that is much less.</param>
public sealed record ParameterManifest(string Run, PolicyVersion Version, ContentHash Layout, ContentRef Content, ParameterDeltaRef? Delta = null);

/// <summary>What changed between two versions.</summary>
/// <param name="Base">The version that a receiver has to have.</param>
/// <param name="Content">A <see cref="Parameters.ParameterDelta"/>.</param>
public sealed record ParameterDeltaRef(PolicyVersion Base, ContentRef Content);

/// <summary>Published on cluster pub-sub: a hint that may get lost.</summary>
public sealed record WeightsAvailable(ParameterManifest Manifest, IActorRef Broadcaster) : IParametersMessage;

/// <summary>Asks a broadcaster for its newest version; answered by <see cref="CurrentVersion"/>.</summary>
/// <param name="Relay">Where the receiver passes on what it pulls; null when it does not.</param>
public sealed record GetCurrentVersion(NodeAddress? Relay) : IParametersMessage;

/// <param name="Manifest">The newest version, or null before the first.</param>
/// <param name="Relays">Nodes that pass it on, in the order in which to try them; after them the publisher.</param>
public sealed record CurrentVersion(ParameterManifest? Manifest, IReadOnlyList<NodeAddress> Relays) : IParametersMessage;

/// <summary>Tells a receiver that work for a version is coming, so that it asks at once; answered by <see cref="NodeVersion"/> when the node's engines have this version or a newer one.</summary>
public sealed record RequireVersion(PolicyVersion Version) : IParametersMessage;

/// <summary>Asks a receiver what its node's engines have; answered by <see cref="NodeVersion"/> at once.</summary>
public sealed record GetNodeVersion : IParametersMessage;

/// <param name="Version">The version that the node's engines were told to swap to last, or null before the first.</param>
public sealed record NodeVersion(PolicyVersion? Version) : IParametersMessage;
