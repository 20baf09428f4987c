using Akka.Actor;

namespace Intellect3.Actors.Messages;

/// <summary>Between nodes and the coordinator: who is there, and what runs.</summary>
[WireProtocol("nodes", 1)]
public interface INodeMessage : IWireMessage;

/// <summary>A rollout node has room. Sent on start, to a new coordinator, and every few seconds.</summary>
/// <param name="Incarnation">Names the node's process; the shard of its groups.</param>
/// <param name="Node">Its actor.</param>
/// <param name="Slots">Sequences that its engines run at once.</param>
public sealed record RolloutNodeReady(string Incarnation, IActorRef Node, int Slots) : INodeMessage;
