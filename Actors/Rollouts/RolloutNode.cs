using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Devices;
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
    /// <param name="factory">Makes the engines.</param>
    /// <param name="samples">The node's store.</param>
    /// <param name="channel">Where weights are pulled.</param>
    /// <param name="coordinator">The proxy of the singleton.</param>
    /// <param name="offer">Receives what the node's groups work with.</param>
    /// <param name="time">The clock.</param>
    public RolloutNode(string instance, PolicyContext context, IEngineFactory factory, SampleStore samples, IByteChannel channel, IActorRef coordinator, Action<RolloutServices?> offer, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(offer);
        _coordinator = coordinator;
        var rollout = context.Settings.Rollout;
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
                time),
            "engines");
        var receiver = Context.ActorOf(
            ParameterReceiver.Props(new ParameterReceiverOptions { Run = instance }, ParameterLayout.For(context.Config), factory, channel, engines, DistributedPubSub.Get(Context.System).Mediator),
            "parameter-receiver");
        var verifiers = Context.ActorOf(VerifierPool.Props(rollout.Verifiers, rollout.ScoreTimeout, WaitingTraces), "verifiers");
        var store = Context.ActorOf(SampleStoreActor.Props(samples), "samples");
        var environments = new EnvironmentCatalog(context.Tasksets.Values.Select(taskset => new LocalEnvironment(taskset)));
        offer(new RolloutServices(context, environments, engines, verifiers, receiver, samples));
        _ready = new RolloutNodeReady(instance, GroupSharding.IncarnationOf(Cluster.Get(Context.System).SelfUniqueAddress), Self, rollout.Slots * rollout.Engines, factory.Kernels);
        Receive<Announce>(_ => _coordinator.Tell(_ready));
        Receive<ISamplesMessage>(store.Forward);
        Receive<IEnginesMessage>(engines.Forward);
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string instance, PolicyContext context, IEngineFactory factory, SampleStore samples, IByteChannel channel, IActorRef coordinator, Action<RolloutServices?> offer, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new RolloutNode(instance, context, factory, samples, channel, coordinator, offer, time));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Announce), new Announce(), TimeSpan.Zero, AnnounceInterval);

    private sealed record Announce : INoSerializationVerificationNeeded;
}
