using Akka.Actor;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Training;

/// <summary>What a trainer shard works with.</summary>
/// <param name="Context">The run's.</param>
/// <param name="Channel">Where payloads are pulled.</param>
/// <param name="Broadcaster">The node's <see cref="Parameters.ParameterBroadcaster"/>.</param>
/// <param name="Coordinator">Told when the shard starts with empty hands.</param>
public sealed record TrainerServices(PolicyContext Context, IByteChannel Channel, IActorRef Broadcaster, IActorRef Coordinator)
{
    /// <summary>How long the payloads of one batch may take to arrive.</summary>
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
