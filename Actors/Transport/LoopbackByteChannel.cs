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

    public async ValueTask<ContentDigest> DescribeAsync(NodeAddress node, string key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var content = await FindAsync(node, key, cancellation);
        return content.Digest;
    }

    public async ValueTask<Stream> OpenAsync(NodeAddress node, string key, long offset, long length, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var content = await FindAsync(node, key, cancellation);
        if (offset >= 0 && length >= 0 && offset <= content.Digest.Length - length)
        {
            return new ContentStream(content, offset, length);
        }

        content.Dispose();
        throw new ContentUnavailableException($"{key} on {node} has {content.Digest.Length} bytes, {length} from {offset} on were asked for");
    }

    private async ValueTask<IByteContent> FindAsync(NodeAddress node, string key, CancellationToken cancellation) =>
        _nodes.TryGetValue(node, out var source)
            ? await source.OpenAsync(key, cancellation) ?? throw new ContentUnavailableException($"{node} has nothing under {key} (any more)")
            : throw new ContentUnavailableException($"{node} cannot be reached");
}
