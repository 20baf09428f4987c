namespace Intellect3.Actors.Transport;

/// <summary>Immutable bytes that a node can serve.</summary>
/// <remarks>Any thread may read; whoever opened it disposes it, and the bytes stay readable until then.</remarks>
public interface IByteContent : IDisposable
{
    /// <summary>The length and the hashes.</summary>
    ContentDigest Digest { get; }

    /// <summary>Copies a range that lies within the content.</summary>
    void Read(long offset, Span<byte> destination);
}
