using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Hosting;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Hosting;

public sealed class ClusterNodeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_node_without_seeds_is_a_cluster_of_one_and_leaves_in_order()
    {
        var node = await ClusterNode.StartAsync(Options("rollout", "trainer"), None);

        Assert.Equal(MemberStatus.Up, node.Cluster.SelfMember.Status);
        Assert.Equal(["rollout", "trainer"], node.Cluster.SelfRoles.Order());
        Assert.NotEqual(0, node.Cluster.SelfAddress.Port);

        await node.DisposeAsync();

        Assert.True(node.Stopped.IsCompleted);
        Assert.Equal(0, Environment.ExitCode);
    }

    [Fact]
    public async Task The_settings_of_a_node_are_in_force()
    {
        await using var node = await ClusterNode.StartAsync(
            Options("rollout") with { Hocon = "akka.cluster.sharding.passivate-idle-entity-after = 7s" }, None);
        var config = node.System.Settings.Config;

        Assert.Equal("ddata", config.GetString("akka.cluster.sharding.state-store-mode"));
        Assert.False(config.GetBoolean("akka.cluster.sharding.remember-entities"));
        Assert.Equal(20, config.GetInt("akka.cluster.sharding.least-shard-allocation-strategy.rebalance-absolute-limit"));
        Assert.Equal(TimeSpan.FromSeconds(10), config.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause"));
        Assert.Equal(12, config.GetDouble("akka.cluster.failure-detector.threshold"));
        Assert.Equal("keep-majority", config.GetString("akka.cluster.split-brain-resolver.active-strategy"));
        Assert.Equal(TimeSpan.FromSeconds(20), config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after"));
        Assert.Equal(TimeSpan.FromSeconds(10), config.GetTimeSpan("akka.actor.ask-timeout"));
        Assert.Equal(1048576, config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size"));
        Assert.Equal(TimeSpan.FromSeconds(60), config.GetTimeSpan("akka.coordinated-shutdown.phases.before-service-unbind.timeout"));
        Assert.False(config.GetBoolean("akka.coordinated-shutdown.exit-clr"));
        Assert.False(config.GetBoolean("akka.actor.serialization-settings.allow-unregistered-types"));
        Assert.False(config.GetBoolean("akka.actor.serialize-messages"));
        Assert.Equal("OFF", config.GetString("akka.stdout-loglevel"));
        Assert.Equal(TimeSpan.FromSeconds(7), config.GetTimeSpan("akka.cluster.sharding.passivate-idle-entity-after"));
        Assert.StartsWith("Akka.Hosting.Logging.LoggerFactoryLogger,", Assert.Single(config.GetStringList("akka.loggers")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_nodes_speak_through_messages_sharding_a_singleton_and_pub_sub_under_strict_serialization()
    {
        await using var seed = await ClusterNode.StartAsync(WithEverything(Options("coordinator", "rollout")), None);
        await using var other = await ClusterNode.StartAsync(
            WithEverything(Options("rollout")) with { Seeds = [$"127.0.0.1:{seed.Cluster.SelfAddress.Port}"] }, None);

        // A message to an actor of the other node.
        var store = await other.System.ActorSelection(new RootActorPath(seed.Cluster.SelfAddress) / "user" / SampleStoreActor.ActorName).ResolveOne(Expect.Soon);
        Assert.Equal(new SampleStoreStatus(0, 0, 5), await store.Ask<SampleStoreStatus>(new GetSampleStoreStatus(), Expect.Soon));

        // The singleton lives on the seed alone.
        var singleton = ActorRegistry.For(other.System).Get<SingletonKey>();
        Assert.Equal(new FreeSlots(seed.Cluster.SelfAddress.Port!.Value, 0), await singleton.Ask<FreeSlots>(new GetFreeSlots(), Expect.Soon));

        // Entities are on both nodes, and reached from either.
        var region = ActorRegistry.For(other.System).Get<EntityKey>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => region.Ask<FreeSlots>(new ShardingEnvelope($"{i}", new GetFreeSlots()), Expect.Soon)));
        Assert.Contains(answers, a => a.Slots == seed.Cluster.SelfAddress.Port);

        // What is no wire message does not arrive, and what comes after it does.
        store.Tell(new NoWireMessage("x"));
        Assert.Equal(new SampleStoreStatus(0, 0, 5), await store.Ask<SampleStoreStatus>(new GetSampleStoreStatus(), Expect.Soon));

        // Pub-sub is a hint: it is repeated until the other node has heard of the subscription.
        var heard = new TaskCompletionSource<CurrentVersion>(TaskCreationOptions.RunContinuationsAsynchronously);
        seed.System.ActorOf(Props.Create(() => new Listener(heard)));
        other.System.Scheduler.ScheduleTellRepeatedly(
            TimeSpan.Zero, TimeSpan.FromMilliseconds(100), DistributedPubSub.Get(other.System).Mediator, new Publish("test", new CurrentVersion(null, [])), ActorRefs.NoSender);
        await Expect.Of(heard.Task, "a publication from the other node");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<ClusterNodeException>(() => ClusterNode.StartAsync(Options("rollout") with { Port = port }, None));

        Assert.Equal($"port {port} on 127.0.0.1 is in use by another program; choose another port, or 0 for a free one", refused.Message);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("no-such-host.invalid")]
    public async Task An_address_of_another_machine_is_named(string host)
    {
        var refused = await Assert.ThrowsAsync<ClusterNodeException>(() => ClusterNode.StartAsync(Options("rollout") with { Host = host }, None));

        Assert.StartsWith($"{host} is no address of this machine", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_that_is_not_there_is_named_with_the_reason()
    {
        var refused = await Assert.ThrowsAsync<ClusterNodeException>(() => ClusterNode.StartAsync(
            Options("rollout") with { Seeds = ["127.0.0.1:1"], StartTimeout = TimeSpan.FromMilliseconds(100) }, None));

        Assert.Contains("127.0.0.1:1 cannot be reached: Connection refused", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_another_protocol_version_leaves_with_the_reason()
    {
        await using var seed = await ClusterNode.StartAsync(Options("seed"), None);

        var refused = await Assert.ThrowsAsync<ClusterNodeException>(() => ClusterNode.StartAsync(
            Options("rollout") with { Seeds = [$"127.0.0.1:{seed.Cluster.SelfAddress.Port}"], Hocon = "akka.cluster.app-version = \"1\"" }, None));

        Assert.Contains("speaks version 2 of the protocol, this one 1: run the same build", refused.Message, StringComparison.Ordinal);
    }

    private static ClusterNodeOptions Options(params string[] roles) => new() { Roles = roles, LogLevel = Microsoft.Extensions.Logging.LogLevel.None };

    private static ClusterNodeOptions WithEverything(ClusterNodeOptions options) => options with
    {
        ConfigureActors = (akka, _) =>
        {
            akka.WithActors((system, _) => system.ActorOf(SampleStoreActor.Props(new SampleStore(new NodeAddress("loopback://x"), 5)), SampleStoreActor.ActorName))
                .WithShardRegion<EntityKey>(
                    "rollout-group", (_, _, _) => _ => Props.Create(() => new Whereabouts()), new HashCodeExtractor(), new ShardOptions { Role = "rollout" });
            var singleton = new ClusterSingletonOptions { Role = "coordinator" };
            if (options.Roles.Contains(singleton.Role))
            {
                akka.WithSingleton<SingletonKey>("coordinator", (_, _, _) => Props.Create(() => new Whereabouts()), singleton);
            }
            else
            {
                akka.WithSingletonProxy<SingletonKey>("coordinator", singleton);
            }
        },
    };

    private sealed record NoWireMessage(string Text);

    private sealed class SingletonKey;

    private sealed class EntityKey;

    private sealed class HashCodeExtractor() : HashCodeMessageExtractor(20)
    {
        public override string? EntityId(object message) => null;
    }

    /// <summary>Answers with the port of its node.</summary>
    private sealed class Whereabouts : ReceiveActor
    {
        public Whereabouts()
        {
            var port = Cluster.Get(Context.System).SelfAddress.Port!.Value;
            Receive<GetFreeSlots>(_ => Sender.Tell(new FreeSlots(port, 0)));
        }
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener(TaskCompletionSource<CurrentVersion> heard)
        {
            DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe("test", Self));
            Receive<CurrentVersion>(version => heard.TrySetResult(version));
        }
    }
}
