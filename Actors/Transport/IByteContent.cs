namespace Intellect3.Actors.Transport;

/// <summary>Immutable bytes that a node can serve.</summary>
/// <remarks>Any thread may read; whoever opened it disposes it, and the bytes stay readable until then.</remarks>
public interface IByteContent : IDisposable
{
    /// <summary>The length and the hashes.</summary>
    ContentDigest Digest { get; }

    /// <summary>Copies a range that lies within the content and has arrived.</summary>
    void Read(long offset, Span<byte> destination);

    /// <summary>Returns once the bytes before <paramref name="end"/> can be read: at once, unless the content is still on its way to this node.</summary>
    /// <exception cref="ContentUnavailableException">They will never arrive.</exception>
    ValueTask ArrivedAsync(long end, CancellationToken cancellation) => ValueTask.CompletedTask;
}
