using System.Collections.Concurrent;

namespace Intellect3.Actors.Transport;

/// <summary>The byte channel between nodes of one process: copies memory.</summary>
public sealed class LoopbackByteChannel : IByteChannel
{
    private readonly ConcurrentDictionary<NodeAddress, IByteSource> _nodes = new();

    /// <summary>Makes a node reachable.</summary>
    public void Connect(NodeAddress node, IByteSource source) => _nodes[node] = source;

    /// <summary>Makes a node unreachable.</summary>
    public void Disconnect(NodeAddress node) => _nodes.TryRemove(node, out _);

    public ValueTask<ContentDigest> DescribeAsync(NodeAddress node, string key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var content = Open(node, key);
        return ValueTask.FromResult(content.Digest);
    }

    public ValueTask ReadAsync(NodeAddress node, string key, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var content = Open(node, key);
        if (offset < 0 || offset > content.Digest.Length - destination.Length)
        {
            throw new ContentUnavailableException($"{key} on {node} has {content.Digest.Length} bytes, {destination.Length} from {offset} on were asked for");
        }

        content.Read(offset, destination.Span);
        return ValueTask.CompletedTask;
    }

    private IByteContent Open(NodeAddress node, string key) =>
        _nodes.TryGetValue(node, out var source)
            ? source.Open(key) ?? throw new ContentUnavailableException($"{node} has nothing under {key} (any more)")
            : throw new ContentUnavailableException($"{node} cannot be reached");
}
