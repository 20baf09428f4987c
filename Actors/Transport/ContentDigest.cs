using System.Runtime.InteropServices;

namespace Intellect3.Actors.Transport;

/// <summary>Copies a range of content.</summary>
public delegate void ReadBytes(long offset, Span<byte> destination);

/// <summary>The hashes of content that is pulled in chunks: one of each chunk, and a root over them that a message can carry.</summary>
public sealed class ContentDigest
{
    /// <summary>Bytes of a chunk; the last one may have fewer.</summary>
    public const int ChunkBytes = 1 << 20;

    private readonly ContentHash[] _chunks;

    /// <summary>From hashes that were made or received elsewhere.</summary>
    /// <exception cref="ArgumentException">There are not as many as the length needs.</exception>
    public ContentDigest(long length, ReadOnlySpan<ContentHash> chunks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (chunks.Length != ChunksOf(length))
        {
            throw new ArgumentException($"{length} bytes have {ChunksOf(length)} chunks, {chunks.Length} hashes were given", nameof(chunks));
        }

        Length = length;
        _chunks = chunks.ToArray();
        Root = ContentHash.Of([.. BitConverter.GetBytes(length), .. MemoryMarshal.AsBytes<ContentHash>(_chunks)]);
    }

    /// <summary>Bytes in all.</summary>
    public long Length { get; }

    /// <summary>The hash of the length and of all chunk hashes.</summary>
    public ContentHash Root { get; }

    public IReadOnlyList<ContentHash> Chunks => _chunks;

    /// <summary>Hashes content chunk by chunk.</summary>
    public static ContentDigest Of(long length, ReadBytes read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var chunks = new ContentHash[ChunksOf(length)];
        var buffer = new byte[(int)Math.Min(ChunkBytes, length)];
        for (var i = 0; i < chunks.Length; i++)
        {
            var offset = (long)i * ChunkBytes;
            var chunk = buffer.AsSpan(0, (int)Math.Min(ChunkBytes, length - offset));
            read(offset, chunk);
            chunks[i] = ContentHash.Of(chunk);
        }

        return new ContentDigest(length, chunks);
    }

    private static long ChunksOf(long length) => (length + ChunkBytes - 1) / ChunkBytes;
}
