namespace Intellect3.Cluster.Host.Nodes;

/// <summary>A node that was in the cluster.</summary>
/// <param name="Address">In the cluster: <c>akka.tcp://name@host:port</c>.</param>
/// <param name="Endpoint">Its HTTP endpoint.</param>
public sealed record RememberedNode(string Address, string Endpoint)
{
    /// <summary>The address as a seed is written: <c>host:port</c>.</summary>
    public string Seed => Address[(Address.LastIndexOf('@') + 1)..];
}
