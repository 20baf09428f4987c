using Akka.Actor;
using Akka.TestKit;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Tests.Devices;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Tests.Parameters;

/// <summary>Receivers that pass on what they pull.</summary>
public sealed class ParameterRelayTests : ClusterTestKit
{
    private static readonly NodeAddress Publisher = new("loopback://publisher");
    private static readonly NodeAddress Peer = new("loopback://peer");

    private readonly FakeEngineFactory _factory = new();
    private readonly LoopbackByteChannel _channel = new();
    private readonly ParameterShelf _shelf = new("run", Publisher, TimeProvider.System, TimeSpan.FromSeconds(30));
    private readonly ContentRelay _relay = new(new NodeAddress("loopback://receiver"), TimeSpan.Zero, TimeProvider.System);
    private readonly TestProbe _broadcaster;
    private readonly TestProbe _engines;

    public ParameterRelayTests()
    {
        (_broadcaster, _engines) = (CreateTestProbe(), CreateTestProbe());
        Connect(Publisher, ParameterShelf.SourceName, _shelf);
        Connect(_relay.Node, ContentRelay.SourceName, _relay);
    }

    [Fact]
    public void The_broadcaster_names_the_nodes_to_pull_from_and_forgets_those_that_are_gone()
    {
        var broadcaster = Sys.ActorOf(ParameterBroadcaster.Props(_shelf, CreateTestProbe()));
        var receivers = Enumerable.Range(0, 5).Select(_ => CreateTestProbe()).ToList();
        for (var i = 0; i < receivers.Count; i++)
        {
            Assert.Equal(i < 2 ? [] : [Node((i / 2) - 1)], Ask(i));
        }

        Watch(receivers[0]);
        Sys.Stop(receivers[0]);
        ExpectTerminated(receivers[0]);

        // The broadcaster hears of it after or before it is asked; then the third has nobody before it but the publisher.
        AwaitAssert(() => Assert.Empty(Ask(2)));
        Assert.Equal([Node(1)], Ask(4));

        broadcaster.Tell(new GetCurrentVersion(Publisher), TestActor);
        Assert.Empty(ExpectMsg<CurrentVersion>().Relays);
        broadcaster.Tell(new GetCurrentVersion(null), TestActor);
        Assert.Empty(ExpectMsg<CurrentVersion>().Relays);

        NodeAddress Node(int receiver) => new($"loopback://{receiver}");

        IReadOnlyList<NodeAddress> Ask(int receiver)
        {
            broadcaster.Tell(new GetCurrentVersion(Node(receiver)), receivers[receiver]);
            return receivers[receiver].ExpectMsg<CurrentVersion>().Relays;
        }
    }

    [Fact]
    public void It_asks_whom_to_pull_from_and_pulls_from_the_publisher_when_the_peer_is_gone()
    {
        var receiver = StartReceiver();
        var manifest = Put(0, _ => 1);

        receiver.Tell(new WeightsAvailable(manifest, _broadcaster));
        Assert.Equal(_relay.Node, _broadcaster.ExpectMsg<GetCurrentVersion>().Relay);
        EventFilter.Info(contains: "loopback://peer cannot be reached").ExpectOne(() => receiver.Tell(new CurrentVersion(manifest, [Peer])));

        Assert.All(ExpectSwap(0).Values, v => Assert.Equal(1, v));
        Assert.NotNull(_relay.Open(manifest.Content.Hash.ToString()));
    }

    [Fact]
    public void It_pulls_from_the_peer_alone()
    {
        var manifest = Put(0, _ => 1);
        Connect(Peer, ContentRelay.SourceName, new Renamed(_shelf, "1.0"));
        _channel.Disconnect(Publisher);

        StartReceiver().Tell(new CurrentVersion(manifest, [Peer]));

        Assert.All(ExpectSwap(0).Values, v => Assert.Equal(1, v));
    }

    [Fact]
    public void Changes_are_applied_and_where_they_cannot_be_the_version_is_pulled_whole()
    {
        var receiver = StartReceiver();
        receiver.Tell(new CurrentVersion(Put(0, _ => 1), []));
        ExpectSwap(0);

        receiver.Tell(new CurrentVersion(Put(1, i => i == 3 ? 5 : 1, [3, 3, 0xa0, 0x40]), []));
        Assert.Equal(5, ExpectSwap(1).Values[3]);

        var wrong = Put(2, i => i == 3 ? 6 : 1, [3, 3, 0xb0, 0x40]);
        EventFilter.Warning(contains: "Version 1.2 is pulled whole").ExpectOne(() => receiver.Tell(new CurrentVersion(wrong, [])));
        Assert.Equal(6, ExpectSwap(2).Values[3]);
    }

    [Fact]
    public void A_receiver_that_stops_gives_everything_back()
    {
        var receiver = StartReceiver();
        var manifest = Put(0, _ => 1);
        receiver.Tell(new CurrentVersion(manifest, []));
        ExpectSwap(0);

        Watch(receiver);
        Sys.Stop(receiver);
        ExpectTerminated(receiver);

        Assert.Null(_relay.Open(manifest.Content.Hash.ToString()));
    }

    private IActorRef StartReceiver() => Sys.ActorOf(ParameterReceiver.Props(
        new ParameterReceiverOptions { AskInterval = TimeSpan.FromHours(1), TrainerRole = "none" }, TestModel.Layout, _factory, _channel, _engines, CreateTestProbe(), _relay));

    private FakeWeights ExpectSwap(int number)
    {
        var weights = _engines.ExpectMsg<SwapWeights>(Expect.Soon).Weights;
        Assert.Equal(new PolicyVersion(1, number), weights.Version);
        return Assert.IsType<FakeWeights>(weights);
    }

    private ParameterManifest Put(int number, Func<int, float> value, byte[]? delta = null)
    {
        using var parameters = new ParameterSet(TestModel.Layout);
        for (var i = 0; i < parameters.Values.Length; i++)
        {
            parameters.Values[i] = value(i);
        }

        return _shelf.Put(
            new PolicyVersion(1, number),
            parameters,
            ParameterContent.DigestOf(parameters),
            delta is null ? null : (new PolicyVersion(1, number - 1), new MemoryContent(delta)))!;
    }

    private void Connect(NodeAddress node, string name, IByteSource source)
    {
        var sources = new ByteSources();
        sources.Add(name, source);
        _channel.Connect(node, sources);
    }

    private sealed class Renamed(IByteSource source, string name) : IByteSource
    {
        public IByteContent? Open(string key) => source.Open(name);
    }
}
