using Akka.Actor;

namespace Intellect3.Actors.Messages;

/// <summary>Between nodes and the run registry or its coordinator: who is there, what runs, who leaves.</summary>
[WireProtocol("nodes", 2)]
public interface INodeMessage : IWireMessage;

/// <summary>A node is there. Sent on start, to a new registry, and every few seconds; answered by <see cref="CurrentRun"/>.</summary>
/// <param name="Incarnation">Names the node's process.</param>
/// <param name="Node">Its agent.</param>
/// <param name="Entry">What others know it by.</param>
/// <param name="Instance">The run that it takes part in; null when in none.</param>
public sealed record NodeHere(string Incarnation, IActorRef Node, NodeEntry Entry, string? Instance) : INodeMessage;

/// <summary>What nodes know of each other.</summary>
/// <param name="Address">In the cluster: <c>akka.tcp://name@host:port</c>.</param>
/// <param name="Endpoint">Its HTTP endpoint.</param>
/// <param name="Roles">What it does.</param>
public sealed record NodeEntry(string Address, string Endpoint, IReadOnlyList<string> Roles);

/// <summary>A run that nodes are to take part in.</summary>
/// <param name="Name">For people.</param>
/// <param name="Instance">Tells runs apart, whatever their names.</param>
/// <param name="Directory">RUNDIR, on the coordinator's machine.</param>
/// <param name="Config">Its config.conf.</param>
public sealed record RunDescriptor(string Name, string Instance, string Directory, string Config);

/// <param name="Run">The run that is active, or null.</param>
/// <param name="Nodes">Every node that said it is there, and is.</param>
public sealed record CurrentRun(RunDescriptor? Run, IReadOnlyList<NodeEntry> Nodes) : INodeMessage;

/// <summary>A node cannot take part in a run.</summary>
/// <param name="Incarnation">Names the node's process.</param>
/// <param name="Instance">The run.</param>
/// <param name="Reason">For people: what, why, what to do.</param>
public sealed record NodeRefused(string Incarnation, string Instance, string Reason) : INodeMessage;

/// <summary>A node wants to leave and asks for no more work; answered by <see cref="NodeReleased"/> once nothing of the run needs it any more.</summary>
/// <param name="Incarnation">Names the node's process.</param>
/// <param name="Roles">What it did.</param>
public sealed record NodeLeaving(string Incarnation, IReadOnlyList<string> Roles) : INodeMessage;

public sealed record NodeReleased : INodeMessage;

/// <summary>A rollout node has room. Sent on start, to a new coordinator, and every few seconds.</summary>
/// <param name="Instance">The run.</param>
/// <param name="Incarnation">Names the node's process; the shard of its groups.</param>
/// <param name="Node">Its actor.</param>
/// <param name="Slots">Sequences that its engines run at once.</param>
/// <param name="Kernels">Its kernel path: bits are the same for one path.</param>
public sealed record RolloutNodeReady(string Instance, string Incarnation, IActorRef Node, int Slots, string Kernels) : INodeMessage;
