namespace Intellect3.Actors.Transport;

/// <summary>Content in managed memory; the array must not change any more.</summary>
public sealed class MemoryContent(byte[] bytes, ContentDigest digest) : IByteContent
{
    /// <summary>Hashes the bytes.</summary>
    public MemoryContent(byte[] bytes)
        : this(bytes, ContentDigest.Of(bytes.Length, (offset, destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination)))
    {
    }

    public ContentDigest Digest => digest;

    /// <summary>The bytes themselves.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    public void Read(long offset, Span<byte> destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);

    /// <summary>Nothing to free.</summary>
    public void Dispose()
    {
    }
}
