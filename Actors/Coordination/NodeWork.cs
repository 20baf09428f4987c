namespace Intellect3.Actors.Coordination;

/// <summary>What a rollout node works on.</summary>
/// <param name="Node">Its incarnation.</param>
/// <param name="Slots">Sequences that its engines run at once.</param>
/// <param name="Sequences">Sequences of the groups placed there.</param>
/// <param name="Groups">Groups placed there.</param>
/// <param name="Leaving">True when it takes no more.</param>
public sealed record NodeWork(string Node, int Slots, int Sequences, int Groups, bool Leaving);
