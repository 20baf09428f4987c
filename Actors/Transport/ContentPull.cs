using System.Buffers;

namespace Intellect3.Actors.Transport;

/// <summary>Takes verified bytes of a pull, in order.</summary>
public delegate void WriteBytes(long offset, ReadOnlySpan<byte> bytes);

/// <summary>Pulls whole content chunk by chunk, and lets no byte through that is not what the reference announced.</summary>
public static class ContentPull
{
    /// <summary>How often in a row a range may break off without a chunk having come.</summary>
    private const int Breaks = 3;

    /// <summary>Pulls what a reference names.</summary>
    /// <param name="channel">Where from.</param>
    /// <param name="content">What, and its hash.</param>
    /// <param name="write">Called for each chunk once its hash was found right.</param>
    /// <param name="cancellation">Bounds the pull: the caller always gives a deadline.</param>
    /// <exception cref="ContentUnavailableException">The content is not there (any more), or is other content.</exception>
    public static async Task PullAsync(this IByteChannel channel, ContentRef content, WriteBytes write, CancellationToken cancellation) =>
        await channel.PullAsync([content], Timeout.InfiniteTimeSpan, _ => write, cancellation);

    /// <summary>Pulls content that several nodes have: from the first of them, and where that one fails or is slow from the next, which goes on with the chunk that is missing.</summary>
    /// <param name="channel">Where from.</param>
    /// <param name="sources">References to the same content, the best first; the last is waited for until <paramref name="cancellation"/>.</param>
    /// <param name="patience">How long the last but one may take for a chunk; the one before it twice as long, and so on, so that whoever is nearest to a node that hangs gives up first.</param>
    /// <param name="begin">Told the digest, once it is known to be the announced one, and returns who is called for each chunk once its hash was found right.</param>
    /// <param name="cancellation">Bounds the pull: the caller always gives a deadline.</param>
    /// <returns>What was wrong with the sources that were given up.</returns>
    /// <exception cref="ContentUnavailableException">The last source failed, too.</exception>
    public static async Task<IReadOnlyList<string>> PullAsync(
        this IByteChannel channel, IReadOnlyList<ContentRef> sources, TimeSpan patience, Func<ContentDigest, WriteBytes> begin, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(begin);
        var givenUp = new List<string>();
        var pull = new Progress(channel, begin);
        for (var left = sources.Count - 1; ; left--)
        {
            var source = sources[^(left + 1)];
            using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            try
            {
                await pull.FromAsync(source, () => stalled.CancelAfter(left == 0 ? Timeout.InfiniteTimeSpan : left * patience), stalled.Token);
                return givenUp;
            }
            catch (ContentUnavailableException exception) when (left > 0)
            {
                givenUp.Add(exception.Message);
            }
            catch (OperationCanceledException) when (left > 0 && !cancellation.IsCancellationRequested)
            {
                givenUp.Add($"{source.Node} sent no chunk of {source.Key} within {left * patience}");
            }
        }
    }

    /// <summary>Pulls content that fits into memory.</summary>
    /// <exception cref="ContentUnavailableException">See <see cref="PullAsync(IByteChannel, ContentRef, WriteBytes, CancellationToken)"/>.</exception>
    public static async Task<byte[]> PullBytesAsync(this IByteChannel channel, ContentRef content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        var bytes = Array.Empty<byte>();
        await channel.PullAsync(
            [content],
            Timeout.InfiniteTimeSpan,
            digest =>
            {
                bytes = new byte[digest.Length];
                return (offset, chunk) => chunk.CopyTo(bytes.AsSpan((int)offset));
            },
            cancellation);
        return bytes;
    }

    /// <summary>What one pull has got so far, whoever it came from.</summary>
    private sealed class Progress(IByteChannel channel, Func<ContentDigest, WriteBytes> begin)
    {
        private ContentDigest? _digest;
        private WriteBytes? _write;
        private int _chunk;
        private int _breaks;

        /// <summary>Pulls what is missing. <paramref name="onWait"/> is called before each wait.</summary>
        public async Task FromAsync(ContentRef source, Action onWait, CancellationToken cancellation)
        {
            onWait();
            if (_digest is null)
            {
                var digest = await channel.DescribeAsync(source.Node, source.Key, cancellation);
                if (digest.Length != source.Length || digest.Root != source.Hash)
                {
                    throw new ContentUnavailableException($"{source.Key} on {source.Node} has {digest.Length} bytes of hash {digest.Root}, {source.Length} of {source.Hash} were announced");
                }

                (_digest, _write) = (digest, begin(digest));
            }

            var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ContentDigest.ChunkBytes, _digest.Length));
            try
            {
                while (_chunk < _digest.Chunks.Count)
                {
                    await ReadAsync(source, _digest, buffer, onWait, cancellation);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        /// <summary>Reads chunks until the last one or until the stream breaks off; the next call goes on after it.</summary>
        private async Task ReadAsync(ContentRef source, ContentDigest digest, byte[] buffer, Action onWait, CancellationToken cancellation)
        {
            var offset = (long)_chunk * ContentDigest.ChunkBytes;
            try
            {
                await using var stream = await channel.OpenAsync(source.Node, source.Key, offset, digest.Length - offset, cancellation);
                for (; _chunk < digest.Chunks.Count; _chunk++)
                {
                    var bytes = buffer.AsMemory(0, (int)Math.Min(ContentDigest.ChunkBytes, digest.Length - offset));
                    await stream.ReadExactlyAsync(bytes, cancellation);
                    if (ContentHash.Of(bytes.Span) != digest.Chunks[_chunk])
                    {
                        throw new ContentUnavailableException($"chunk {_chunk} of {source.Key} on {source.Node} came damaged");
                    }

                    _write!(offset, bytes.Span);
                    offset += bytes.Length;
                    _breaks = 0;
                    onWait();

                    // A channel that never waits would otherwise hold a pool thread for the whole content.
                    await Task.Yield();
                }
            }
            catch (IOException exception)
            {
                if (++_breaks > Breaks)
                {
                    _breaks = 0;
                    throw new ContentUnavailableException($"{source.Node} breaks off {source.Key} at byte {offset} again and again: {exception.Message}", exception);
                }
            }
        }
    }
}
