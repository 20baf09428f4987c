namespace Intellect3.Cluster.Host.Nodes;

/// <summary>A node, or the coordinator behind it, does not answer (now).</summary>
public sealed class NodeUnreachableException(string address, string why) : Exception($"{address} does not answer: {why}")
{
    /// <summary>As the end of a command.</summary>
    public CommandException ToError() => new(Message, null, "Check that the node runs, and that this is its HTTP port.", ExitCode.Failure);
}
