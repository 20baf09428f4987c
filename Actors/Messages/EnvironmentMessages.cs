using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Messages;

/// <summary>Between the coordinator and the environment host of every rollout node: which packages run there.</summary>
[WireProtocol("environments", 1)]
public interface IEnvironmentMessage : IWireMessage;

/// <summary>Brings an environment up. Answered once by <see cref="EnvironmentInstalled"/> or <see cref="EnvironmentRefused"/>, at once where it runs already; may be sent again at any time.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">The hash that its bytes must have, in lower-case hexadecimal.</param>
/// <param name="Package">Where they are pulled.</param>
public sealed record InstallEnvironment(string Name, string Version, string Sha256, ContentRef Package) : IEnvironmentMessage;

/// <summary>The environment runs on the node, was validated there, and its groups find it.</summary>
public sealed record EnvironmentInstalled(string Name, string Version, string Sha256) : IEnvironmentMessage;

/// <summary>The environment does not run on the node.</summary>
/// <param name="Reason">For people.</param>
public sealed record EnvironmentRefused(string Name, string Version, string Sha256, string Reason) : IEnvironmentMessage;

/// <summary>No new group finds the environment any more; its process ends once the groups that have it ended. Answered by <see cref="EnvironmentRetired"/>, then or when it was not there.</summary>
public sealed record RetireEnvironment(string Name, string Version, string Sha256) : IEnvironmentMessage;

/// <summary>The environment's process has ended.</summary>
public sealed record EnvironmentRetired(string Name, string Version, string Sha256) : IEnvironmentMessage;

/// <summary>Answered by <see cref="EnvironmentStatuses"/>.</summary>
public sealed record GetEnvironments : IEnvironmentMessage;

/// <summary>The injected environments of a node, those that ended or failed lately included.</summary>
public sealed record EnvironmentStatuses(IReadOnlyList<EnvironmentStatus> Environments) : IEnvironmentMessage;

/// <summary>Where an injected environment is on its way.</summary>
public enum EnvironmentState
{
    /// <summary>Its package is pulled and its process starts.</summary>
    Starting,

    /// <summary>It is tried on sample tasks.</summary>
    Validating,
    Ready,

    /// <summary>Groups that have it end; new ones do not find it.</summary>
    Draining,
    Stopped,
    Failed,
}

/// <summary>An injected environment on one node.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha256">The package's hash.</param>
/// <param name="State">Where it is.</param>
/// <param name="ProcessId">Its process; null when none runs.</param>
/// <param name="Calls">Asked of it so far.</param>
/// <param name="Failures">Calls that its process failed for good.</param>
/// <param name="Restarts">How often its process was started again.</param>
/// <param name="Reason">Why it failed; null otherwise.</param>
public sealed record EnvironmentStatus(string Name, string Version, string Sha256, EnvironmentState State, int? ProcessId, long Calls, long Failures, int Restarts, string? Reason);
