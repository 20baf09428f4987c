namespace Intellect3.Actors.Transport;

/// <summary>Pulls content from other nodes, outside of actor messages.</summary>
/// <remarks>Thread-safe. A channel over a network may fail at any call; content never changes under its key, so a pull can go on where it stopped.</remarks>
public interface IByteChannel
{
    /// <summary>Asks for the length and the chunk hashes of the content under a key.</summary>
    /// <exception cref="ContentUnavailableException">The node cannot be reached, or has nothing under the key (any more).</exception>
    ValueTask<ContentDigest> DescribeAsync(NodeAddress node, string key, CancellationToken cancellation);

    /// <summary>Opens a range as a stream of exactly its length, which the caller disposes. Reading throws an <see cref="IOException"/> where the connection breaks.</summary>
    /// <exception cref="ContentUnavailableException">The node cannot be reached, has nothing under the key (any more), or less than asked for.</exception>
    ValueTask<Stream> OpenAsync(NodeAddress node, string key, long offset, long length, CancellationToken cancellation);
}
