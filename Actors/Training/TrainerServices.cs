using Akka.Actor;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Training;

/// <summary>What a trainer shard works with.</summary>
/// <param name="Instance">The run's.</param>
/// <param name="Context">The run's.</param>
/// <param name="Channel">Where payloads are pulled.</param>
/// <param name="Broadcaster">The node's <see cref="Parameters.ParameterBroadcaster"/>.</param>
/// <param name="Coordinator">Told that the shard is there, and when it has empty hands.</param>
public sealed record TrainerServices(string Instance, PolicyContext Context, IByteChannel Channel, IActorRef Broadcaster, IActorRef Coordinator)
{
    /// <summary>How long the payloads of one batch may take to arrive.</summary>
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
