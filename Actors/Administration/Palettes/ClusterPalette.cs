using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>cluster</c>: who is a member, and how members come and go.</summary>
public sealed class ClusterPalette : PaletteHandler
{
    private readonly ClusterNodes _nodes;
    private readonly Cluster _cluster;

    public ClusterPalette(ClusterNodes nodes)
        : base("cluster", "Members of the cluster")
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _nodes = nodes;
        _cluster = Cluster.Get(nodes.System);
        var address = new ArgumentDefinition("address", "akka.tcp://intellect3@HOST:PORT, or HOST:PORT") { Switches = ["-a", "--address"] };
        Process(new CommandDefinition("show", "All members: address, roles, status, reachability, version."), (_, _) => Once(Show()));
        Process(new CommandDefinition("status", "The same for the node that answers."), (_, _) => Once([Line(_cluster.SelfMember)]));
        Process(new CommandDefinition("leader", "Address of the leader."), (_, _) => Once(Leader()));
        Process(new CommandDefinition("join", "Make the node that answers join the cluster of another.", address with { IsMandatory = true }) { Changes = true }, (call, _) => Once(Join(call)));
        Process(new CommandDefinition("leave", "Make a node leave gracefully: the one that answers, unless another is named.", address) { Changes = true }, (call, _) => Once(Leave(call)));
        Process(new CommandDefinition("down", "Remove a node that is gone and cannot leave by itself.", address with { IsMandatory = true }) { Changes = true }, (call, _) => Once(Down(call)));
        Process(new CommandDefinition("down-unreachable", "Down all members that are unreachable.") { Changes = true }, (_, _) => Once(DownUnreachable()));
        Process(new CommandDefinition("tail", "Events of the cluster as they happen.") { Streams = true }, (_, cancellation) => TailAsync(cancellation));
    }

    private static Task<IEnumerable<CommandResponse>> Once(IEnumerable<CommandResponse> responses) => Task.FromResult(responses);

    private IEnumerable<CommandResponse> Show()
    {
        var members = _nodes.Members;
        return members.Select(Line).Append(new CommandResponse($"Count: {members.Count} {(members.Count == 1 ? "node" : "nodes")}"));
    }

    private CommandResponse Line(Member member)
    {
        var isReachable = _nodes.IsReachable(member);
        return new CommandResponse(
            NodeLine.Of(member, isReachable),
            new { Address = member.Address.ToString(), Roles = member.Roles.Order(StringComparer.Ordinal), Status = NodeLine.StatusOf(member), Reachable = isReachable, Version = member.AppVersion.Version });
    }

    private IEnumerable<CommandResponse> Leader() => _cluster.State.Leader is { } leader
        ? [new CommandResponse(leader.ToString(), new { Leader = leader.ToString() })]
        : throw new CommandFailedException("the cluster has no leader", "Members disagree about who is a member, or some are unreachable.", "`cluster show` says who; `cluster down -a ADDRESS` removes one that is gone.");

    private IEnumerable<CommandResponse> Join(CommandCall call)
    {
        var text = call.Text("address")!;
        Address address;
        try
        {
            address = Address.Parse(text.Contains("://", StringComparison.Ordinal) ? text : $"akka.tcp://{_nodes.System.Name}@{text}");
        }
        catch (UriFormatException)
        {
            throw new CommandFailedException($"{text} is no address", $"An address is akka.tcp://{_nodes.System.Name}@HOST:PORT, or HOST:PORT.", "Give that of a member; `cluster show` there lists them.");
        }

        if (_cluster.State.Members.Any(m => m.Address == address))
        {
            throw new CommandFailedException($"{address} is in this cluster already", "", "`cluster show` lists the members.");
        }

        _cluster.Join(address);
        return [new CommandResponse($"{_nodes.Self} asks {address} to join", new { Joining = _nodes.Self.ToString(), Seed = address.ToString() })];
    }

    private IEnumerable<CommandResponse> Leave(CommandCall call)
    {
        var member = call.Text("address") is { } address ? _nodes.Find(address) : _cluster.SelfMember;
        _cluster.Leave(member.Address);
        return [new CommandResponse($"{member.Address} is leaving", new { Leaving = member.Address.ToString() })];
    }

    private IEnumerable<CommandResponse> Down(CommandCall call) => [Down(_nodes.Find(call.Text("address")!))];

    private IEnumerable<CommandResponse> DownUnreachable()
    {
        var unreachable = _cluster.State.Unreachable;
        return unreachable.Count == 0 ? [new CommandResponse("no member is unreachable")] : unreachable.Select(Down);
    }

    private CommandResponse Down(Member member)
    {
        _cluster.Down(member.Address);
        return new CommandResponse($"{member.Address} is downed", new { Downed = member.Address.ToString() });
    }

    private async IAsyncEnumerable<CommandResponse> TailAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var events = Channel.CreateBounded<ClusterEvent.IClusterDomainEvent>(new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest });
        var listener = _nodes.System.ActorOf(Props.Create(() => new Listener(events.Writer)));
        try
        {
            await foreach (var @event in events.Reader.ReadAllAsync(cancellation))
            {
                var (name, text) = (@event.GetType().Name, TextOf(@event));
                yield return new CommandResponse($"{DateTimeOffset.UtcNow:HH:mm:ss} {name} {text}", new { Event = name, Text = text });
            }
        }
        finally
        {
            _nodes.System.Stop(listener);
        }
    }

    private string TextOf(ClusterEvent.IClusterDomainEvent @event) => @event switch
    {
        ClusterEvent.IMemberEvent { Member: var member } => NodeLine.Of(member, _nodes.IsReachable(member)),
        ClusterEvent.ReachabilityEvent { Member: var member } => NodeLine.Of(member, _nodes.IsReachable(member)),
        ClusterEvent.LeaderChanged { Leader: var leader } => leader?.ToString() ?? "none",
        _ => @event.ToString() ?? "",
    };

    private sealed class Listener : ReceiveActor
    {
        private readonly Cluster _cluster = Cluster.Get(Context.System);

        public Listener(ChannelWriter<ClusterEvent.IClusterDomainEvent> events) =>
            Receive<ClusterEvent.IClusterDomainEvent>(@event => events.TryWrite(@event));

        protected override void PreStart() =>
            _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.LeaderChanged));

        protected override void PostStop() => _cluster.Unsubscribe(Self);
    }
}
