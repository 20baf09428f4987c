using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Intellect3.Actors.Transport;

/// <summary>Copies a range of content.</summary>
public delegate void ReadBytes(long offset, Span<byte> destination);

/// <summary>The hashes of content that is pulled in chunks: one of each chunk, and a root over them that a message can carry.</summary>
public sealed class ContentDigest
{
    /// <summary>Bytes of a chunk; the last one may have fewer.</summary>
    public const int ChunkBytes = 1 << 20;

    private const int HashBytes = 16;

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
        Root = ContentHash.Of(ToBytes());
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

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ContentDigest Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(long) || BinaryPrimitives.ReadInt64LittleEndian(bytes) is var length && (length < 0 || bytes.Length - sizeof(long) != ChunksOf(length) * HashBytes))
        {
            throw new FormatException($"{bytes.Length} bytes are no digest: a length and a hash of each chunk are expected");
        }

        return new ContentDigest(length, MemoryMarshal.Cast<byte, ContentHash>(bytes[sizeof(long)..]));
    }

    /// <summary>The length and the chunk hashes, little-endian.</summary>
    public byte[] ToBytes() => [.. BitConverter.GetBytes(Length), .. MemoryMarshal.AsBytes<ContentHash>(_chunks)];

    private static long ChunksOf(long length) => (length / ChunkBytes) + (length % ChunkBytes == 0 ? 0 : 1);
}
