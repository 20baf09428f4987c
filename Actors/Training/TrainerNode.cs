using Akka.Actor;
using Intellect3.Actors.Devices;

namespace Intellect3.Actors.Training;

/// <summary>A trainer node's part in a run: the device that its shard owns.</summary>
public static class TrainerNode
{
    /// <summary>The name of the trainer's device below the node's agent.</summary>
    public const string ActorName = "trainer";

    public static Props Props(TrainerServices services) => DeviceActor.Props("trainer-0", new DeviceOptions(), thread => TrainerShard.Props(thread, services));
}
