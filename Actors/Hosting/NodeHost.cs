using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Event;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Verification;

namespace Intellect3.Actors.Hosting;

/// <summary>A node of an Intellect3 cluster: a member with the actors of its roles. A laptop run is one such node with every role.</summary>
public sealed class NodeHost : IAsyncDisposable
{
    private static readonly Config Dispatchers = ConfigurationFactory.ParseString($$"""
        {{RunRecorder.Dispatcher}}.type = PinnedDispatcher
        {{VerifierPool.Dispatcher}}.type = PinnedDispatcher
        """);

    private NodeHost(ClusterNode node, IActorRef runs, IActorRef agent) => (Node, Runs, Agent) = (node, runs, agent);

    public ClusterNode Node { get; }

    /// <summary>The proxy of <see cref="RunRegistry"/>: takes every <see cref="IRunMessage"/>.</summary>
    public IActorRef Runs { get; }

    /// <summary>The node's <see cref="NodeAgent"/>.</summary>
    public IActorRef Agent { get; }

    /// <summary>Starts a node and returns when it is a member that is up.</summary>
    /// <param name="options">The member.</param>
    /// <param name="services">What its actors are made from.</param>
    /// <param name="leaveTimeout">How long a node that stops waits for the run to release it; zero does not ask.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="ClusterNodeException">The node could not start.</exception>
    public static async Task<NodeHost> StartAsync(ClusterNodeOptions options, NodeServices services, TimeSpan leaveTimeout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        var node = await ClusterNode.StartAsync(options with { Hocon = options.Hocon.WithFallback(Dispatchers) }, cancellation);
        try
        {
            var host = await StartActorsAsync(node, options.Roles, services);
            if (leaveTimeout > TimeSpan.Zero)
            {
                host.LeaveInOrder(leaveTimeout);
            }

            return host;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    private static async Task<NodeHost> StartActorsAsync(ClusterNode node, IReadOnlyList<string> roles, NodeServices services)
    {
        var system = node.System;
        RolloutServices? offered = null;
        var sharding = ClusterSharding.Get(system);
        var groups = roles.Contains(NodeRoles.Rollout)
            ? await sharding.StartAsync(
                GroupSharding.RegionName,
                _ => RolloutGroup.Props(() => Volatile.Read(ref offered)),
                ClusterShardingSettings.Create(system).WithRole(NodeRoles.Rollout),
                GroupSharding.Extractor,
                new IncarnationAllocation(system),
                PoisonPill.Instance)
            : await sharding.StartProxyAsync(GroupSharding.RegionName, NodeRoles.Rollout, GroupSharding.Extractor);
        if (roles.Contains(NodeRoles.Coordinator))
        {
            system.ActorOf(
                ClusterSingletonManager.Props(
                    RunRegistry.Props(services, groups),
                    PoisonPill.Instance,
                    ClusterSingletonManagerSettings.Create(system).WithRole(NodeRoles.Coordinator).WithSingletonName(RunRegistry.Name)),
                RunRegistry.Name);
        }

        var runs = system.ActorOf(
            ClusterSingletonProxy.Props($"/user/{RunRegistry.Name}", ClusterSingletonProxySettings.Create(system).WithRole(NodeRoles.Coordinator).WithSingletonName(RunRegistry.Name)),
            $"{RunRegistry.Name}-proxy");
        var agent = system.ActorOf(NodeAgent.Props(services, roles, runs, groups, services => Volatile.Write(ref offered, services)), NodeAgent.ActorName);
        return new NodeHost(node, runs, agent);
    }

    /// <summary>Before anything else stops, the run is asked to do without this node.</summary>
    private void LeaveInOrder(TimeSpan timeout) => CoordinatedShutdown.Get(Node.System).AddTask(
        CoordinatedShutdown.PhaseBeforeServiceUnbind,
        "leave-run",
        async () =>
        {
            try
            {
                await Agent.Ask<NodeReleased>(new LeaveRun(), timeout);
            }
            catch (AskTimeoutException)
            {
                Node.System.Log.Warning("The run did not release this node within {0}; what it still had is lost to it and will be done again elsewhere", timeout);
            }

            return Akka.Done.Instance;
        });
}
