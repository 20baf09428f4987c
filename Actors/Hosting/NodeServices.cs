using Intellect3.Actors.Coordination;
using Intellect3.Actors.Injection;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Tasks;

namespace Intellect3.Actors.Hosting;

/// <summary>What the actors of a node are made from.</summary>
public sealed record NodeServices
{
    /// <summary>Settings and run directories.</summary>
    public required IRunLibrary Library { get; init; }

    /// <summary>The task sets that this program brings.</summary>
    public required TasksetRegistry Tasksets { get; init; }

    /// <summary>Where other nodes pull this one's bytes.</summary>
    public required NodeAddress Address { get; init; }

    /// <summary>What the node serves there.</summary>
    public required ByteSources Sources { get; init; }

    /// <summary>Where this node pulls the bytes of others.</summary>
    public required IByteChannel Channel { get; init; }

    /// <summary>How injected environments are kept and run; null on a node that takes none.</summary>
    public EnvironmentHosting? Environments { get; init; }

    /// <summary>Where a coordinator remembers its runs; null forgets them with the process.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Told every node of the cluster whenever that changes; on a thread of an actor, so it must be quick.</summary>
    public Action<IReadOnlyList<NodeEntry>> OnNodes { get; init; } = _ => { };

    /// <summary>Told the run that the node takes part in, or null.</summary>
    public Action<string?> OnRun { get; init; } = _ => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
