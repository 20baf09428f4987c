using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.TestKit;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Tests.Devices;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Tests.Parameters;

public sealed class ParameterDistributionTests : ClusterTestKit
{
    private static readonly NodeAddress Node = new("loopback://node");
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly FakeEngineFactory _factory = new();
    private readonly LoopbackByteChannel _channel = new();
    private readonly ParameterShelf _shelf = new("run", Node, TimeProvider.System, TimeSpan.FromSeconds(30));

    private readonly TestProbe _engines;
    private PolicyVersion? _lent;

    public ParameterDistributionTests()
    {
        _engines = CreateTestProbe();
        var sources = new ByteSources();
        sources.Add(ParameterShelf.SourceName, _shelf);
        _channel.Connect(Node, sources);
    }

    private IActorRef Mediator => DistributedPubSub.Get(Sys).Mediator;

    [Fact]
    public void A_published_version_reaches_the_engines_by_pub_sub()
    {
        // Nobody can be asked.
        var receiver = StartReceiver(Never, Mediator, trainerRole: "none");
        AwaitSubscription(receiver);
        var broadcaster = StartBroadcaster(Mediator);

        broadcaster.Tell(Publish(1, 0));
        var manifest = ExpectMsg<ParametersPublished>().Manifest;
        var weights = ExpectSwap(1, 0);

        Assert.Equal(new PolicyVersion(1, 0), manifest.Version);
        using var expected = TestModel.Parameters(new PolicyVersion(1, 0));
        Assert.Equal(expected.Values.ToArray(), weights.Values);
        Assert.False(weights.PreparedOnPool);
        receiver.Tell(new GetNodeVersion());
        Assert.Equal(new PolicyVersion(1, 0), ExpectMsg<NodeVersion>(Expect.Soon).Version);
    }

    [Fact]
    public void When_pub_sub_is_blocked_the_question_catches_up()
    {
        var blocked = CreateTestProbe();
        var broadcaster = StartBroadcaster(blocked);
        StartReceiver(TimeSpan.FromMilliseconds(50), blocked);

        broadcaster.Tell(Publish(1, 0));
        ExpectSwap(1, 0);
        broadcaster.Tell(Publish(1, 1));
        ExpectSwap(1, 1);
    }

    [Fact]
    public void Engines_that_were_restarted_get_the_weights_again()
    {
        StartBroadcaster(CreateTestProbe()).Tell(Publish(1, 0));
        ExpectMsg<ParametersPublished>();
        StartReceiver(TimeSpan.FromMilliseconds(50), CreateTestProbe());

        ExpectSwap(1, 0);
        Assert.Equal(new PolicyVersion(1, 0), _engines.FishForMessage<SwapWeights>(_ => true, Expect.Soon).Weights.Version);
    }

    [Fact]
    public void A_late_node_asks_at_its_start()
    {
        var blocked = CreateTestProbe();
        StartBroadcaster(blocked).Tell(Publish(1, 4));
        ExpectMsg<ParametersPublished>();

        StartReceiver(Never, blocked);

        ExpectSwap(1, 4);
    }

    [Fact]
    public void Being_subscribed_makes_it_ask()
    {
        var mediator = CreateTestProbe();
        var receiver = StartReceiverThatHasAsked(mediator);
        var subscribe = mediator.FishForMessage<Subscribe>(_ => true);
        StartBroadcaster(mediator).Tell(Publish(1, 2));
        ExpectMsg<ParametersPublished>();

        receiver.Tell(new SubscribeAck(subscribe));

        ExpectSwap(1, 2);
    }

    [Fact]
    public void Work_for_a_version_that_the_node_lacks_makes_it_ask_and_is_told_when_it_is_there()
    {
        var blocked = CreateTestProbe();
        var receiver = StartReceiverThatHasAsked(blocked);
        receiver.Tell(new GetNodeVersion());
        Assert.Null(ExpectMsg<NodeVersion>().Version);
        StartBroadcaster(blocked).Tell(Publish(1, 3));
        ExpectMsg<ParametersPublished>();

        receiver.Tell(new RequireVersion(new PolicyVersion(1, 3)));

        ExpectSwap(1, 3);
        Assert.Equal(new PolicyVersion(1, 3), ExpectMsg<NodeVersion>().Version);
        receiver.Tell(new RequireVersion(new PolicyVersion(1, 2)));
        Assert.Equal(new PolicyVersion(1, 3), ExpectMsg<NodeVersion>().Version);
    }

    [Fact]
    public void Versions_that_are_superseded_while_one_is_prepared_are_skipped_and_references_given_back()
    {
        using var gate = new ManualResetEventSlim();
        using var preparing = new ManualResetEventSlim();
        _factory.OnPrepare = _ =>
        {
            preparing.Set();
            gate.Wait(Expect.Soon);
        };
        var receiver = StartReceiver(Never, CreateTestProbe());
        Announce(receiver, 1, 0);
        Assert.True(preparing.Wait(Expect.Soon), "expected version 1.0 to be prepared");
        Announce(receiver, 1, 1);
        Announce(receiver, 1, 2);
        receiver.Tell(new GetNodeVersion());
        ExpectMsg<NodeVersion>();
        gate.Set();

        ExpectSwap(1, 0);
        ExpectSwap(1, 2);
        Watch(receiver);
        Sys.Stop(receiver);
        ExpectTerminated(receiver);
        Assert.Equal(2, _factory.Weights.Count);
        Assert.All(_factory.Weights, w => Assert.Equal(0, w.References));
    }

    [Fact]
    public void The_version_of_a_lineage_that_ended_is_dropped()
    {
        using var gate = new ManualResetEventSlim();
        using var preparing = new ManualResetEventSlim();
        _factory.OnPrepare = _ =>
        {
            preparing.Set();
            gate.Wait(Expect.Soon);
        };
        var receiver = StartReceiver(Never, CreateTestProbe());
        Announce(receiver, 1, 5);
        Assert.True(preparing.Wait(Expect.Soon), "expected version 1.5 to be prepared");
        Announce(receiver, 2, 0);
        receiver.Tell(new GetNodeVersion());
        ExpectMsg<NodeVersion>();
        gate.Set();

        ExpectSwap(2, 0);
        Announce(receiver, 1, 6);
        receiver.Tell(new GetNodeVersion());
        Assert.Equal(new PolicyVersion(2, 0), ExpectMsg<NodeVersion>().Version);
        Assert.Equal([0, 1], _factory.Weights.Select(w => w.References));
    }

    [Fact]
    public void Damaged_or_missing_content_is_never_swapped_in()
    {
        var receiver = StartReceiver(Never, CreateTestProbe());
        var manifest = Put(1, 0);
        EventFilter.Warning(contains: "Version 1.0 could not be fetched").ExpectOne(() =>
            receiver.Tell(new WeightsAvailable(manifest with { Content = manifest.Content with { Hash = new ContentHash(1, 2) } }, ActorRefs.Nobody)));
        EventFilter.Warning(contains: "Version 1.1 could not be fetched").ExpectOne(() =>
            receiver.Tell(new WeightsAvailable(manifest with { Version = new PolicyVersion(1, 1), Content = manifest.Content with { Key = "parameters/1.1" } }, ActorRefs.Nobody)));

        receiver.Tell(new WeightsAvailable(manifest, ActorRefs.Nobody));

        ExpectSwap(1, 0);
    }

    [Fact]
    public void Parameters_of_another_model_are_refused()
    {
        var receiver = StartReceiver(Never, CreateTestProbe());
        using var parameters = TestModel.Parameters(new PolicyVersion(1, 0), TestModel.OtherLayout);
        var manifest = _shelf.Put(new PolicyVersion(1, 0), parameters, ParameterContent.DigestOf(parameters))!;

        EventFilter.Error(contains: "parameters of another model").ExpectOne(() => receiver.Tell(new WeightsAvailable(manifest, ActorRefs.Nobody)));

        receiver.Tell(new GetNodeVersion());
        Assert.Null(ExpectMsg<NodeVersion>().Version);
    }

    [Fact]
    public void The_broadcaster_gives_back_what_it_was_given()
    {
        var broadcaster = StartBroadcaster(CreateTestProbe());
        var parameters = TestModel.Parameters(new PolicyVersion(1, 0));
        broadcaster.Tell(new PublishParameters(new PolicyVersion(1, 0), parameters));
        ExpectMsg<ParametersPublished>();
        Assert.Equal(TestModel.Layout.Count, parameters.Values.Length);

        _shelf.Dispose();

        Assert.Throws<ObjectDisposedException>(() => parameters.Values.Length);
    }

    private static PublishParameters Publish(int lineage, int number) => new(new PolicyVersion(lineage, number), TestModel.Parameters(new PolicyVersion(lineage, number)));

    private IActorRef StartBroadcaster(IActorRef mediator) => Sys.ActorOf(ParameterBroadcaster.Props(_shelf, mediator), ParameterBroadcaster.ActorName);

    private IActorRef StartReceiver(TimeSpan askInterval, IActorRef mediator, string trainerRole = "trainer") => Sys.ActorOf(ParameterReceiver.Props(
        new ParameterReceiverOptions { Run = "run", AskInterval = askInterval, TrainerRole = trainerRole, BroadcasterPath = $"user/{ParameterBroadcaster.ActorName}" }, TestModel.Layout, _factory, _channel, _engines, mediator));

    /// <summary>A receiver whose question at its start went to another actor in the broadcaster's place.</summary>
    private IActorRef StartReceiverThatHasAsked(IActorRef mediator)
    {
        var asked = CreateTestProbe();
        var standIn = Sys.ActorOf(Props.Create(() => new Forwarder(asked)), ParameterBroadcaster.ActorName);
        var receiver = StartReceiver(Never, mediator);
        asked.ExpectMsg<GetCurrentVersion>();
        Watch(standIn);
        Sys.Stop(standIn);
        ExpectTerminated(standIn);
        return receiver;
    }

    private void AwaitSubscription(IActorRef receiver)
    {
        // It subscribes as it starts, before it answers.
        receiver.Tell(new GetNodeVersion());
        ExpectMsg<NodeVersion>();

        // The mediator answers in order: when it knows a later subscription, it knows the receiver's.
        Mediator.Tell(new Subscribe("another topic", TestActor));
        ExpectMsg<SubscribeAck>();
    }

    private ParameterManifest Put(int lineage, int number)
    {
        var version = new PolicyVersion(lineage, number);
        using var parameters = TestModel.Parameters(version);
        return _shelf.Put(version, parameters, ParameterContent.DigestOf(parameters))!;
    }

    private void Announce(IActorRef receiver, int lineage, int number)
    {
        var manifest = _shelf.Newest?.Version >= new PolicyVersion(lineage, number) ? VersionTrackerTests.Manifest(new PolicyVersion(lineage, number)) : Put(lineage, number);
        receiver.Tell(new WeightsAvailable(manifest with { Layout = LayoutFingerprint.Of(TestModel.Layout) }, ActorRefs.Nobody));
    }

    private FakeWeights ExpectSwap(int lineage, int number)
    {
        // The version before may be lent again; none but the expected one may follow it.
        var swap = _engines.FishForMessage<SwapWeights>(s => s.Weights.Version != _lent, Expect.Soon);
        _lent = swap.Weights.Version;
        Assert.Equal(new PolicyVersion(lineage, number), _lent);
        return Assert.IsType<FakeWeights>(swap.Weights);
    }

    private sealed class Forwarder : ReceiveActor
    {
        public Forwarder(IActorRef target) => ReceiveAny(target.Forward);
    }
}
