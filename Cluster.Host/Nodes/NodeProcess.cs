using Intellect3.Actors.Administration;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Injection;
using Intellect3.Actors.Transport;
using Intellect3.Cluster.Host.Commands;
using Intellect3.Cluster.Host.Endpoints;
using Intellect3.Environments.Hosting;
using Intellect3.Environments.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>A node of a cluster as a process has it: its HTTP endpoint, its data directory, and the member with its actors.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private readonly NodeData _data;
    private readonly NodeEndpoint _endpoint;
    private readonly HttpByteChannel _channel;

    private NodeProcess(NodeData data, NodeEndpoint endpoint, HttpByteChannel channel, NodeHost host) =>
        (_data, _endpoint, _channel, Host) = (data, endpoint, channel, host);

    /// <summary>The member.</summary>
    public NodeHost Host { get; }

    /// <summary>What a script waits for.</summary>
    public string ReadyLine => $"ready: {Host.Node.Cluster.SelfAddress} {_endpoint.Address} roles=[{string.Join(',', Host.Node.Cluster.SelfRoles.Order())}]";

    /// <summary>Starts a node; returns when it is a member that is up.</summary>
    /// <param name="options">What the node is.</param>
    /// <param name="say">Tells its user what it waits for.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="CommandException">It cannot start.</exception>
    public static async Task<NodeProcess> StartAsync(NodeProcessOptions options, Action<string> say, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(say);
        var data = NodeData.Open(options.DataDirectory);
        NodeEndpoint? endpoint = null;
        HttpByteChannel? channel = null;
        try
        {
            var parts = new NodeParts(data, UplinkLimit.Of(options.UplinkLimit, TimeProvider.System));
            endpoint = await StartEndpointAsync(options, parts, cancellation);
            channel = new HttpByteChannel(endpoint.Address, parts.Sources);
            var seeds = await FindSeedsAsync(options, data, endpoint.Address, say, cancellation);
            var host = await NodeHost.StartAsync(
                new ClusterNodeOptions
                {
                    Name = options.Cluster,
                    Roles = options.Roles,
                    Host = options.Host,
                    PublicHost = options.PublicHost,
                    Port = options.Port,
                    Seeds = seeds,
                    Hocon = options.Hocon.WithFallback(NodeProfiles.Of(options.Roles)),
                    LogLevel = options.LogLevel,
                    StartTimeout = options.JoinTimeout,
                    OnWaiting = reason => say($"waiting for the cluster: {reason}"),
                    ConfigureServices = services => services.AddSingleton<ILoggerProvider>(parts.Log),
                },
                Services(options, data, parts, endpoint.Address, channel),
                options.LeaveTimeout,
                cancellation);
            parts.Host = host;
            NodePalettes.Start(parts.Palettes, host.Node.System, host.Runs, new NodeAdministratorOptions { Log = parts.Log });
#if PETABRIDGE_CMD
            PetabridgeCmd.PetabridgePalettes.Register(host.Node.System, parts.Palettes);
#endif
            return new NodeProcess(data, endpoint, channel, host);
        }
        catch (Exception exception)
        {
            if (endpoint is not null)
            {
                await endpoint.DisposeAsync();
            }

            channel?.Dispose();
            data.Dispose();
            throw exception is ClusterNodeException ? new CommandException("the node could not start", exception.Message, null, ExitCode.Failure) : exception;
        }
    }

    /// <summary>Hands over what the node has, leaves the cluster and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _endpoint.DisposeAsync();
        _channel.Dispose();
        _data.Dispose();
    }

    private static NodeServices Services(NodeProcessOptions options, NodeData data, NodeParts parts, NodeAddress address, HttpByteChannel channel) => new()
    {
        Library = new RunLibrary(),
        Tasksets = TasksetRegistry.BuiltIn,
        Address = address,
        Sources = parts.Sources,
        Channel = channel,
        DataDirectory = data.Root,
        Environments = new EnvironmentHosting(
            parts.Packages,
            new EnvironmentHostOptions { Child = new ChildOptions { Command = options.EnvironmentHost }, Folder = Path.Combine(data.Root, "environments") }),
        OnNodes = nodes => data.Remember(nodes.Select(n => new RememberedNode(n.Address, n.Endpoint))),
        OnRun = run => parts.Log.Run = run,
    };

    private static async Task<NodeEndpoint> StartEndpointAsync(NodeProcessOptions options, NodeParts parts, CancellationToken cancellation)
    {
        var endpoint = new NodeEndpointOptions { Host = options.Host, PublicHost = options.PublicHost, Port = options.HttpPort, AdminToken = options.AdminToken };
        NodeEndpoint? started = null;
        try
        {
            return started = await NodeEndpoint.StartAsync(endpoint, parts.Endpoints(endpoint, () => started!.Address), cancellation);
        }
        catch (IOException exception)
        {
            throw new CommandException($"the HTTP port {options.HttpPort} on {options.Host} cannot be bound", exception.Message, "Choose another --http-port, or 0 for a free one.");
        }
    }

    /// <summary>A seed that was in a cluster before joins it again through whoever is still in it; only when nobody is does it form a new one.</summary>
    private static async Task<IReadOnlyList<string>> FindSeedsAsync(NodeProcessOptions options, NodeData data, NodeAddress self, Action<string> say, CancellationToken cancellation)
    {
        if (!options.Roles.Contains(NodeRoles.Seed))
        {
            return options.Seeds;
        }

        var remembered = data.Remembered().Where(n => n.Endpoint != self.Value).ToList();
        using var search = new MemberSearch();
        var found = await search.FindAsync(remembered, options.JoinTimeout, reason => say($"waiting for remembered members: {reason}"), cancellation);
        return found is null ? options.Seeds : [found, .. options.Seeds.Where(s => s != found)];
    }
}
