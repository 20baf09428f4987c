using System.Buffers;

namespace Intellect3.Actors.Transport;

/// <summary>Takes verified bytes of a pull, in order.</summary>
public delegate void WriteBytes(long offset, ReadOnlySpan<byte> bytes);

/// <summary>Pulls whole content chunk by chunk, and lets no byte through that is not what the reference announced.</summary>
public static class ContentPull
{
    /// <summary>Pulls what a reference names.</summary>
    /// <param name="channel">Where from.</param>
    /// <param name="content">What, and its hash.</param>
    /// <param name="write">Called for each chunk once its hash was found right.</param>
    /// <param name="cancellation">Bounds the pull: the caller always gives a deadline.</param>
    /// <exception cref="ContentUnavailableException">The content is not there (any more), or is other content.</exception>
    public static async Task PullAsync(this IByteChannel channel, ContentRef content, WriteBytes write, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(write);
        var digest = await channel.DescribeAsync(content.Node, content.Key, cancellation);
        if (digest.Length != content.Length || digest.Root != content.Hash)
        {
            throw new ContentUnavailableException($"{content.Key} on {content.Node} has {digest.Length} bytes of hash {digest.Root}, {content.Length} of {content.Hash} were announced");
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ContentDigest.ChunkBytes, content.Length));
        try
        {
            for (var chunk = 0; chunk < digest.Chunks.Count; chunk++)
            {
                var offset = (long)chunk * ContentDigest.ChunkBytes;
                var bytes = buffer.AsMemory(0, (int)Math.Min(ContentDigest.ChunkBytes, content.Length - offset));
                await channel.ReadAsync(content.Node, content.Key, offset, bytes, cancellation);
                if (ContentHash.Of(bytes.Span) != digest.Chunks[chunk])
                {
                    throw new ContentUnavailableException($"chunk {chunk} of {content.Key} on {content.Node} came damaged");
                }

                write(offset, bytes.Span);

                // A channel that never waits would otherwise hold a pool thread for the whole content.
                await Task.Yield();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Pulls content that fits into memory.</summary>
    /// <exception cref="ContentUnavailableException">See <see cref="PullAsync"/>.</exception>
    public static async Task<byte[]> PullBytesAsync(this IByteChannel channel, ContentRef content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var bytes = new byte[content.Length];
        await channel.PullAsync(content, (offset, chunk) => chunk.CopyTo(bytes.AsSpan((int)offset)), cancellation);
        return bytes;
    }
}
