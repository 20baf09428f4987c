using Akka.Cluster;

namespace Intellect3.Actors.Administration.Nodes;

/// <summary>What a node said.</summary>
/// <param name="Node">The member.</param>
/// <param name="Answer">Null when it did not answer.</param>
/// <param name="Problem">Why not; null when it did.</param>
public sealed record NodeAnswer<T>(Member Node, T? Answer, string? Problem)
    where T : class;
