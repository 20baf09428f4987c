using Akka.Actor;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Injection;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;
using Intellect3.Cluster.Host.Endpoints;
using Intellect3.Environments.Episodes;
using Microsoft.Extensions.Configuration;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>What the endpoint and the member of a node share. The endpoint listens before the node is a member.</summary>
public sealed class NodeParts
{
    private const int LogEntries = 2_000;

    private static readonly TimeSpan ShareTimeout = TimeSpan.FromSeconds(75);

    private readonly UplinkLimit? _uplink;
    private volatile NodeHost? _host;

    /// <param name="data">The node's data directory.</param>
    /// <param name="uplink">What it may send; null for no limit.</param>
    public NodeParts(NodeData data, UplinkLimit? uplink = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        _uplink = uplink;
        Packages = new PackageStore(Path.Combine(data.Root, "packages"));
        Sources.Add(PackageStore.SourceName, Packages);
    }

    /// <summary>What the node serves to others.</summary>
    public ByteSources Sources { get; } = new();

    /// <summary>The packages that it has.</summary>
    public PackageStore Packages { get; }

    /// <summary>Its last log entries.</summary>
    public LogRing Log { get; } = new(LogEntries, TimeProvider.System);

    /// <summary>What people can ask of it; empty before it is a member.</summary>
    public PaletteRegistry Palettes { get; } = new();

    /// <summary>The member; null before it is up.</summary>
    public NodeHost? Host
    {
        get => _host;
        set => _host = value;
    }

    /// <summary>The parts of its endpoint, which disposes them.</summary>
    /// <param name="options">The endpoint's.</param>
    /// <param name="address">Tells where it listens, once it does.</param>
    public IEnumerable<IEndpointPart> Endpoints(NodeEndpointOptions options, Func<NodeAddress> address) =>
    [
        new BytesEndpoint(Sources, _uplink),
        new HealthEndpoint(this),
        new MetricsEndpoint(new ConfigurationBuilder().AddEnvironmentVariables().Build()),
        new RunsEndpoint(this, options),
        new PbmEndpoint(Palettes, options),
        new PackagesEndpoint(Packages, options, (package, cancellation) => ShareAsync(package, address(), cancellation)),
    ];

    /// <summary>The coordinator keeps every package, whatever becomes of the node that it was pushed to.</summary>
    private async Task<string?> ShareAsync(EnvironmentKey package, NodeAddress address, CancellationToken cancellation)
    {
        if (Host is not { } host)
        {
            return "this node keeps the package, but is in no cluster yet; push it again then";
        }

        try
        {
            return await host.Runs.Ask<IRunMessage>(new KeepPackage(package.Hash, Packages.RefTo(package.Hash, address)!), ShareTimeout, cancellation) is RunRefused refused
                ? $"{refused.What}: {refused.Why} {refused.Remedy}"
                : null;
        }
        catch (AskTimeoutException)
        {
            return $"this node keeps the package, but no coordinator took it within {ShareTimeout.TotalSeconds:0} s; push it again once one is up";
        }
    }
}
