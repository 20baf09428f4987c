using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Training;

/// <summary>A trainer node's part in a run: its broadcaster and the device that its shard owns.</summary>
public static class TrainerNode
{
    /// <summary>The name of the trainer's device under <c>/user</c>.</summary>
    public const string ActorName = "trainer";

    /// <summary>How long an older version stays for receivers that are still pulling it.</summary>
    private static readonly TimeSpan KeepAsked = TimeSpan.FromSeconds(30);

    /// <summary>Starts the node's actors.</summary>
    /// <param name="system">The node's.</param>
    /// <param name="context">The run's.</param>
    /// <param name="address">Where the node serves its bytes.</param>
    /// <param name="sources">What it serves; gains the parameters.</param>
    /// <param name="channel">Where payloads are pulled.</param>
    /// <param name="coordinator">The proxy of the singleton.</param>
    /// <param name="time">The clock.</param>
    public static void Start(ActorSystem system, PolicyContext context, NodeAddress address, ByteSources sources, IByteChannel channel, IActorRef coordinator, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(sources);
        var shelf = new ParameterShelf(address, time, KeepAsked);
        sources.Add(ParameterShelf.SourceName, shelf);
        var broadcaster = system.ActorOf(ParameterBroadcaster.Props(shelf, DistributedPubSub.Get(system).Mediator), ParameterBroadcaster.ActorName);
        var services = new TrainerServices(context, channel, broadcaster, coordinator);
        system.ActorOf(DeviceActor.Props("trainer-0", new DeviceOptions(), thread => TrainerShard.Props(thread, services)), ActorName);
    }
}
