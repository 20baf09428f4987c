using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Rollouts;
using Intellect3.Model.Inference;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Intellect3.Actors.Tests.Administration;

/// <summary>A real cluster of two nodes: one coordinates and trains, the other generates. Every message is serialised. What would take a run is played: the registry, the rollout node's parts, the groups.</summary>
public sealed class TwoNodes : IAsyncLifetime
{
    private readonly List<string> _asked = [];
    private ClusterNode _coordinator = null!;
    private ClusterNode _worker = null!;

    public Address Coordinator => _coordinator.Cluster.SelfAddress;

    public Address Worker => _worker.Cluster.SelfAddress;

    /// <summary>Of the application, as members tell it.</summary>
    public string Version => _coordinator.Cluster.SelfMember.AppVersion.Version;

    public ActorSystem CoordinatorSystem => _coordinator.System;

    public ActorSystem WorkerSystem => _worker.System;

    public string WorkerIncarnation => GroupSharding.IncarnationOf(_worker.Cluster.SelfUniqueAddress);

    /// <summary>How the registry answers; nothing is answered for null.</summary>
    public Func<IRunMessage, object?> Runs { get; set; } = _ => new NoRun("no run was started yet");

    /// <summary>What the registry was asked.</summary>
    public IReadOnlyList<string> Asked => _asked;

    /// <summary>Palettes of the node that coordinates.</summary>
    public PaletteRegistry CoordinatorPalettes { get; private set; } = null!;

    /// <summary>Palettes of the other node.</summary>
    public PaletteRegistry WorkerPalettes { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var (first, second) = (new LogRing(1_000, TimeProvider.System) { Run = "first" }, new LogRing(1_000, TimeProvider.System));
        _coordinator = await ClusterNode.StartAsync(Options(first, "coordinator", "trainer"), CancellationToken.None);
        _worker = await ClusterNode.StartAsync(Options(second, "rollout", "verifier") with { Seeds = [$"127.0.0.1:{Coordinator.Port}"] }, CancellationToken.None);
        var runs = CoordinatorSystem.ActorOf(Props.Create(() => new Registry(this)), "runs");
        var proxy = await WorkerSystem.ActorSelection(new RootActorPath(Coordinator) / "user" / "runs").ResolveOne(Expect.Soon);
        CoordinatorPalettes = NodePalettes.Start(new PaletteRegistry(), CoordinatorSystem, runs, new NodeAdministratorOptions { Log = first });
        WorkerPalettes = NodePalettes.Start(new PaletteRegistry(), WorkerSystem, proxy, new NodeAdministratorOptions { Log = second });
        var region = await ClusterSharding.Get(WorkerSystem).StartAsync(
            GroupSharding.RegionName, _ => Props.Create(() => new Group()), ClusterShardingSettings.Create(WorkerSystem).WithRole("rollout"), GroupSharding.Extractor, new IncarnationAllocation(WorkerSystem), PoisonPill.Instance);
        await region.Ask<GroupEnded>(new CancelGroup(GroupOnWorker), Expect.Soon);
        var node = WorkerSystem.ActorOf(Props.Create(() => new Holder()), "node");
        await node.Ask<FreeSlots>(new GetFreeSlots(), Expect.Soon);
    }

    /// <summary>A group that lives on the worker.</summary>
    public GroupId GroupOnWorker => new(WorkerIncarnation, GroupPurpose.Training, 41, 1);

    /// <summary>The run that the registry would describe, with that group in flight.</summary>
    public RunActivity Activity => TestRuns.Activity(
        [new GroupActivity(GroupOnWorker, "parity", TimeSpan.FromSeconds(12))],
        [new NodeActivity(WorkerIncarnation, Worker.ToString(), 64, 8, 1)]) with
    {
        Trainer = new TrainerActivity(Coordinator.ToString(), "computing step 5", TimeSpan.FromSeconds(2), 4, new Dictionary<string, double> { ["loss"] = 0.25 }),
    };

    public async Task DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _coordinator.DisposeAsync();
    }

    private static ClusterNodeOptions Options(LogRing ring, params string[] roles) => new()
    {
        Roles = roles,
        Hocon = TestHocon.StrictCluster,
        LogLevel = Microsoft.Extensions.Logging.LogLevel.Information,
        ConfigureServices = services => services.AddLogging(logging => logging.ClearProviders().AddProvider(ring)),
    };

    private sealed class Registry : ReceiveActor
    {
        public Registry(TwoNodes nodes) => Receive<IRunMessage>(message =>
        {
            nodes._asked.Add(message.ToString()!);
            if (nodes.Runs(message) is { } answer)
            {
                Sender.Tell(answer);
            }
        });
    }

    /// <summary>Stands in a rollout group's place.</summary>
    private sealed class Group : ReceiveActor
    {
        public Group()
        {
            Receive<CancelGroup>(cancel => Sender.Tell(new GroupEnded(cancel.Id, 1, false, "here")));
            Receive<GetGroupStatus>(_ => Sender.Tell(new GroupStatus(
                new GroupId(GroupSharding.IncarnationOf(Akka.Cluster.Cluster.Get(Context.System).SelfUniqueAddress), GroupPurpose.Training, 41, 1),
                "running",
                "rollouts",
                TimeSpan.FromSeconds(9),
                [new RolloutStatus(3, "generating", "engine", TimeSpan.FromSeconds(5), 2)],
                Done: 7)));
        }
    }

    /// <summary>Stands in the place of <c>/user/node</c>.</summary>
    private sealed class Holder : ReceiveActor
    {
        public Holder()
        {
            var node = Context.ActorOf(Props.Create(() => new RolloutParts()), "rollout-node");
            Receive<GetFreeSlots>(node.Forward);
        }
    }

    /// <summary>Stands in the place of a rollout node, its engines and its store.</summary>
    private sealed class RolloutParts : ReceiveActor
    {
        public RolloutParts()
        {
            Context.ActorOf(Props.Create(() => new Receiver()), "parameter-receiver");
            Context.ActorOf(Props.Create(() => new Environments()), "environments");
            Receive<GetFreeSlots>(_ => Sender.Tell(new FreeSlots(64, 56)));
            Receive<GetEngineStatus>(_ => Sender.Tell(new EnginesStatus([new EngineStatus(new PolicyVersion(1, 3), 8, 2, TimeSpan.Zero, new EngineStatistics(10, 20, 5, 1234, 1000, 250, 3))])));
            Receive<GetSampleStoreStatus>(_ => Sender.Tell(new SampleStoreStatus(2, 300, 1000)));
            Receive<GetEnvironments>(_ => Sender.Tell(new EnvironmentStatuses([new EnvironmentStatus("Clock", "1.0.0", "abc", EnvironmentState.Ready, 4711, 12, 0, 0, null)])));
        }
    }

    private sealed class Environments : ReceiveActor
    {
        public Environments() =>
            Receive<GetEnvironments>(_ => Sender.Tell(new EnvironmentStatuses([new EnvironmentStatus("Clock", "1.0.0", "abc", EnvironmentState.Ready, 4711, 12, 1, 0, null)])));
    }

    private sealed class Receiver : ReceiveActor
    {
        public Receiver()
        {
            Receive<GetNodeVersion>(_ =>
            {
                Context.GetLogger().Info("asked for the version");
                Sender.Tell(new NodeVersion(new PolicyVersion(1, 3)));
            });
        }
    }
}
