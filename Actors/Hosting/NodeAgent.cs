using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Rollouts;
using Intellect3.Environments.Tasks;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Native;

namespace Intellect3.Actors.Hosting;

/// <summary>
/// A node's part in the cluster: says every few seconds that it is there, is told which run is active, and keeps the actors of its roles for that run, and for no other, as its
/// children. Pub-sub and pushes are hints; what it is told in answer is the state.
/// </summary>
public sealed class NodeAgent : ReceiveActor, IWithTimers
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string ActorName = "node";

    private static readonly TimeSpan AnnounceInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RegionInterval = TimeSpan.FromMilliseconds(200);

    private readonly NodeServices _node;
    private readonly IReadOnlyList<string> _roles;
    private readonly IActorRef _runs;
    private readonly IActorRef _groups;
    private readonly Action<RolloutServices?> _offer;
    private readonly string _incarnation = GroupSharding.IncarnationOf(Cluster.Get(Context.System).SelfUniqueAddress);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeEntry _entry;
    private IReadOnlyList<string> _known = [];
    private NodeRun? _run;
    private RunDescriptor? _wanted;
    private string? _refused;
    private IActorRef _leaver = ActorRefs.Nobody;

    /// <param name="node">The node's.</param>
    /// <param name="roles">Its roles.</param>
    /// <param name="runs">The proxy of <see cref="RunRegistry"/>.</param>
    /// <param name="groups">The node's shard region, or its proxy.</param>
    /// <param name="offer">Takes what the node's groups work with; null while it is in no run.</param>
    public NodeAgent(NodeServices node, IReadOnlyList<string> roles, IActorRef runs, IActorRef groups, Action<RolloutServices?> offer)
    {
        (_node, _roles, _runs, _groups, _offer) = (node, roles, runs, groups, offer);
        _entry = new NodeEntry(Cluster.Get(Context.System).SelfAddress.ToString(), node.Address.Value, roles);
        Receive<AskRegions>(_ => _groups.Tell(GetCurrentRegions.Instance));
        Receive<CurrentRegions>(Open);
        Receive<Announce>(_ => _runs.Tell(new NodeHere(_incarnation, Self, _entry, _run?.Descriptor.Instance)));
        Receive<CurrentRun>(active =>
        {
            _wanted = active.Run;
            Remember(active.Nodes);
            Follow();
        });
        Receive<Terminated>(dead => Bury(dead.ActorRef));
        Receive<LeaveRun>(_ =>
        {
            _leaver = Sender;
            _runs.Tell(new NodeLeaving(_incarnation, _roles));
        });
        Receive<NodeReleased>(released => _leaver.Tell(released));
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeServices node, IReadOnlyList<string> roles, IActorRef runs, IActorRef groups, Action<RolloutServices?> offer) =>
        Akka.Actor.Props.Create(() => new NodeAgent(node, roles, runs, groups, offer));

    /// <summary>A node that generates is there once groups find it.</summary>
    protected override void PreStart()
    {
        if (_roles.Contains(NodeRoles.Rollout))
        {
            Timers.StartPeriodicTimer(nameof(AskRegions), new AskRegions(), TimeSpan.Zero, RegionInterval);
        }
        else
        {
            StartAnnouncing();
        }
    }

    protected override void PostStop()
    {
        _offer(null);
        _run?.Dispose();
    }

    private void Open(CurrentRegions regions)
    {
        if (Timers.IsTimerActive(nameof(AskRegions)) && regions.Regions.Contains(Cluster.Get(Context.System).SelfAddress))
        {
            Timers.Cancel(nameof(AskRegions));
            StartAnnouncing();
        }
    }

    private void StartAnnouncing() => Timers.StartPeriodicTimer(nameof(Announce), new Announce(), TimeSpan.Zero, AnnounceInterval);

    private void Remember(IReadOnlyList<NodeEntry> nodes)
    {
        string[] addresses = [.. nodes.Select(n => n.Address)];
        if (!addresses.SequenceEqual(_known))
        {
            _known = addresses;
            _node.OnNodes(nodes);
        }
    }

    /// <summary>Ends the run that is no longer wanted; once its actors are gone, begins the one that is.</summary>
    private void Follow()
    {
        if (_run is { } run)
        {
            if (run.Descriptor.Instance != _wanted?.Instance)
            {
                _offer(null);
                run.Stop(Context);
            }
        }
        else if (_wanted is { } wanted && wanted.Instance != _refused)
        {
            Begin(wanted);
        }
    }

    private void Begin(RunDescriptor run)
    {
        try
        {
            _run = NodeRun.Start(Context, _node, _roles, run, _runs, _offer);
            _node.OnRun(run.Name);
            _log.Info("Takes part in the run {0} as {1}", run.Name, string.Join(", ", _roles));
        }
        catch (Exception exception) when (exception is RunRefusedException or UnknownTasksetException or ModelFolderException or TorchNativeException or NotSupportedException)
        {
            _refused = run.Instance;
            _log.Error("Cannot take part in the run {0}: {1}", run.Name, exception.Message);
            _runs.Tell(new NodeRefused(_incarnation, run.Instance, exception.Message));
        }
    }

    private void Bury(IActorRef child)
    {
        if (_run is { } run && run.Bury(child))
        {
            if (!run.IsStopping)
            {
                _log.Error("{0} is given up: it failed too often. See the log above; restart the node to try again", child.Path.Name);
                _runs.Tell(new NodeRefused(_incarnation, run.Descriptor.Instance, $"{child.Path.Name} failed too often"));
            }
            else if (run.IsEmpty)
            {
                run.Dispose();
                _run = null;
                _node.OnRun(null);
                Follow();
            }
        }
    }

    private sealed record AskRegions : INoSerializationVerificationNeeded;

    private sealed record Announce : INoSerializationVerificationNeeded;
}

/// <summary>Within a node: ask to be released from the run before the node leaves; answered by <see cref="NodeReleased"/>.</summary>
public sealed record LeaveRun : INoSerializationVerificationNeeded;
