using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Training;
using Intellect3.Actors.Transport;
using Intellect3.Actors.Verification;
using Microsoft.Extensions.Logging;

namespace Intellect3.Actors.Hosting;

/// <summary>A run as a cluster of one node: every role in this process, the same actors and messages as on many.</summary>
public sealed class SoloCluster : IAsyncDisposable
{
    private const long SampleCapacityBytes = 1L << 30;

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    private static readonly Config Settings = ConfigurationFactory.ParseString($$"""
        # The proxy warns of a missing singleton whenever the node leaves.
        akka.cluster.singleton-proxy.log-singleton-identification-failure = off

        # A cluster of one has nobody to hand anything to: it leaves quickly.
        akka.coordinated-shutdown {
          default-phase-timeout = 1s
          phases {
            service-requests-done.timeout = 1s
            cluster-sharding-shutdown-region.timeout = 1s
            cluster-exiting.timeout = 4s
            actor-system-terminate.timeout = 2s
          }
        }
        {{RunRecorder.Dispatcher}}.type = PinnedDispatcher
        {{VerifierPool.Dispatcher}}.type = PinnedDispatcher
        """);

    private readonly ClusterNode _node;
    private readonly IActorRef _coordinator;

    private SoloCluster(ClusterNode node, IActorRef coordinator) => (_node, _coordinator) = (node, coordinator);

    /// <summary>Starts the node and, on it, the run.</summary>
    /// <param name="context">The run's settings and environments.</param>
    /// <param name="run">Its name.</param>
    /// <param name="directory">RUNDIR.</param>
    /// <param name="logLevel">The least level written to standard error.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <param name="hocon">Akka settings that win over ours.</param>
    /// <exception cref="ClusterNodeException">The node could not start.</exception>
    public static async Task<SoloCluster> StartAsync(PolicyContext context, string run, string directory, LogLevel logLevel, CancellationToken cancellation, Config? hocon = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var node = await ClusterNode.StartAsync(
            new ClusterNodeOptions { Roles = ["seed", "coordinator", "trainer", "rollout", "verifier"], Hocon = hocon is null ? Settings : hocon.WithFallback(Settings), LogLevel = logLevel },
            cancellation);
        try
        {
            return new SoloCluster(node, await StartActorsAsync(node, context, run, directory));
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>How the run stands.</summary>
    /// <exception cref="AskTimeoutException">The coordinator did not answer in time.</exception>
    public Task<RunStatus> StatusAsync() => _coordinator.Ask<RunStatus>(new GetRunStatus(), AskTimeout);

    /// <summary>Asks for a checkpoint and an end; <see cref="RunStage.Stopped"/> follows.</summary>
    public void Stop(string reason) => _coordinator.Tell(new StopRun(reason));

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static async Task<IActorRef> StartActorsAsync(ClusterNode node, PolicyContext context, string run, string directory)
    {
        var (system, time) = (node.System, TimeProvider.System);
        var address = new NodeAddress("loopback://solo");
        var (sources, channel) = (new ByteSources(), new LoopbackByteChannel());
        channel.Connect(address, sources);
        var samples = new SampleStore(address, SampleCapacityBytes);
        sources.Add(SampleStore.SourceName, samples);

        RolloutServices? services = null;
        var groups = await ClusterSharding.Get(system).StartAsync(
            GroupSharding.RegionName,
            _ => RolloutGroup.Props(() => Volatile.Read(ref services)),
            ClusterShardingSettings.Create(system).WithRole("rollout"),
            GroupSharding.Extractor,
            new IncarnationAllocation(system),
            PoisonPill.Instance);

        var factory = context.EngineFactory();
        var plan = new RunPlan(run, directory, context, factory.Kernels);
        system.ActorOf(
            ClusterSingletonManager.Props(
                RunCoordinator.Props(plan, groups, channel, time),
                PoisonPill.Instance,
                ClusterSingletonManagerSettings.Create(system).WithRole("coordinator").WithSingletonName(RunCoordinator.Name)),
            RunCoordinator.Name);
        var coordinator = system.ActorOf(
            ClusterSingletonProxy.Props($"/user/{RunCoordinator.Name}", ClusterSingletonProxySettings.Create(system).WithRole("coordinator").WithSingletonName(RunCoordinator.Name)),
            $"{RunCoordinator.Name}-proxy");
        system.ActorOf(
            RolloutNode.Props(context, factory, samples, channel, coordinator, offered => Volatile.Write(ref services, offered), time),
            RolloutNode.ActorName);
        TrainerNode.Start(system, context, address, sources, channel, coordinator, time);
        return coordinator;
    }
}
