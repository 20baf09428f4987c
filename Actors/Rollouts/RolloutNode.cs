using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Injection;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Transport;
using Intellect3.Actors.Verification;
using Intellect3.Environments.Episodes;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Rollouts;

/// <summary>A rollout node's part in a run: its engines, verifiers, parameter receiver and sample store, and the news to the coordinator that it has room.</summary>
public sealed class RolloutNode : ReceiveActor, IWithTimers
{
    /// <summary>Its name below the node's agent.</summary>
    public const string ActorName = "rollout-node";

    private const int WaitingTraces = 65_536;

    private static readonly TimeSpan AnnounceInterval = TimeSpan.FromSeconds(2);

    private readonly RolloutNodeReady _ready;
    private readonly IActorRef _coordinator;

    /// <param name="instance">The run's.</param>
    /// <param name="context">The run's.</param>
    /// <param name="node">The node's.</param>
    /// <param name="samples">The node's store of this run.</param>
    /// <param name="relay">What the node passes on of this run's weights.</param>
    /// <param name="coordinator">The proxy of the singleton.</param>
    /// <param name="offer">Receives what the node's groups work with.</param>
    public RolloutNode(string instance, PolicyContext context, NodeServices node, SampleStore samples, ContentRelay relay, IActorRef coordinator, Action<RolloutServices?> offer)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(offer);
        _coordinator = coordinator;
        var (rollout, factory) = (context.Settings.Rollout, context.EngineFactory());
        var engines = Context.ActorOf(
            NodeEngines.Props(
                new NodeEnginesOptions
                {
                    Devices = [.. Enumerable.Range(0, rollout.Engines).Select(i => $"engine-{i}")],
                    Engine = new EngineActorOptions
                    {
                        Engine = new EngineOptions { Slots = rollout.Slots, CacheTokens = rollout.CacheTokens, MaxPositions = context.Config.MaxPositions },
                        KvOnUpdate = rollout.KvOnUpdate,
                    },
                },
                factory,
                node.Time),
            "engines");
        var receiver = Context.ActorOf(
            ParameterReceiver.Props(new ParameterReceiverOptions { Run = instance }, ParameterLayout.For(context.Config), factory, node.Channel, engines, DistributedPubSub.Get(Context.System).Mediator, relay),
            "parameter-receiver");
        var verifiers = Context.ActorOf(VerifierPool.Props(rollout.Verifiers, rollout.ScoreTimeout, WaitingTraces), "verifiers");
        var store = Context.ActorOf(SampleStoreActor.Props(samples), "samples");
        var environments = new EnvironmentCatalog(context.Tasksets.Values.Select(taskset => new LocalEnvironment(taskset)));
        if (node.Environments is { } hosting)
        {
            var host = Context.ActorOf(EnvironmentHost.Props(hosting.Options, hosting.Packages, environments, node.Channel), "environments");
            Receive<IEnvironmentMessage>(host.Forward);
        }

        offer(new RolloutServices(context, environments, engines, verifiers, receiver, samples));
        _ready = new RolloutNodeReady(instance, GroupSharding.IncarnationOf(Cluster.Get(Context.System).SelfUniqueAddress), Self, rollout.Slots * rollout.Engines, factory.Kernels);
        Receive<Announce>(_ => _coordinator.Tell(_ready));
        Receive<ISamplesMessage>(store.Forward);
        Receive<IEnginesMessage>(engines.Forward);
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string instance, PolicyContext context, NodeServices node, SampleStore samples, ContentRelay relay, IActorRef coordinator, Action<RolloutServices?> offer) =>
        Akka.Actor.Props.Create(() => new RolloutNode(instance, context, node, samples, relay, coordinator, offer));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Announce), new Announce(), TimeSpan.Zero, AnnounceInterval);

    private sealed record Announce : INoSerializationVerificationNeeded;
}
