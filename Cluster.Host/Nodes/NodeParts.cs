using Intellect3.Actors.Hosting;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>What the parts of an endpoint reach of their node: the endpoint listens before the node is a member.</summary>
public sealed class NodeParts
{
    private volatile NodeHost? _host;

    /// <summary>The member; null before it is up.</summary>
    public NodeHost? Host
    {
        get => _host;
        set => _host = value;
    }
}
