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
public sealed record ParameterManifest(string Run, PolicyVersion Version, ContentHash Layout, ContentRef Content);

/// <summary>Published on cluster pub-sub: a hint that may get lost.</summary>
public sealed record WeightsAvailable(ParameterManifest Manifest, IActorRef Broadcaster) : IParametersMessage;

/// <summary>Asks a broadcaster for its newest version; answered by <see cref="CurrentVersion"/>.</summary>
public sealed record GetCurrentVersion : IParametersMessage;

/// <param name="Manifest">The newest version, or null before the first.</param>
public sealed record CurrentVersion(ParameterManifest? Manifest) : IParametersMessage;

/// <summary>Tells a receiver that work for a version is coming, so that it asks at once; answered by <see cref="NodeVersion"/> when the node's engines have this version or a newer one.</summary>
public sealed record RequireVersion(PolicyVersion Version) : IParametersMessage;

/// <summary>Asks a receiver what its node's engines have; answered by <see cref="NodeVersion"/> at once.</summary>
public sealed record GetNodeVersion : IParametersMessage;

/// <param name="Version">The version that the node's engines were told to swap to last, or null before the first.</param>
public sealed record NodeVersion(PolicyVersion? Version) : IParametersMessage;
