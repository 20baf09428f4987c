namespace Intellect3.Cluster.Host.Nodes;

/// <summary>A node, or the coordinator behind it, does not answer (now). A command that does not wait for it ends with this.</summary>
public sealed class NodeUnreachableException(string address, string why) : Exception($"{address} does not answer: {why}");
