namespace Intellect3.Actors.Transport;

/// <summary>Content in managed memory; the array must not change any more.</summary>
public sealed class MemoryContent(byte[] bytes) : IByteContent
{
    public ContentDigest Digest { get; } = ContentDigest.Of(bytes.Length, (offset, destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination));

    /// <summary>The bytes themselves.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    public void Read(long offset, Span<byte> destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);

    /// <summary>Nothing to free.</summary>
    public void Dispose()
    {
    }
}
