namespace Intellect3.Actors.Hosting;

/// <summary>A node could not start; the message says why and what to do.</summary>
public sealed class ClusterNodeException(string message, Exception? inner = null) : Exception(message, inner);
