namespace Intellect3.Actors.Transport;

/// <summary>Pulls whole content chunk by chunk, and lets no byte through that is not what the reference announced.</summary>
public static class ContentPull
{
    /// <summary>How often in a row a range may break off without a chunk having come.</summary>
    private const int Breaks = 3;

    /// <summary>Pulls content that several nodes have: from the first of them, and where that one fails or is slow from the next, which goes on with the chunk that is missing.</summary>
    /// <param name="channel">Where from.</param>
    /// <param name="sources">References to the same content, the best first; the last is waited for until <paramref name="cancellation"/>.</param>
    /// <param name="patience">How long the last but one may take for a chunk; the one before it twice as long, and so on, so that whoever is nearest to a node that hangs gives up first.</param>
    /// <param name="target">Where the bytes are put. Only what it was told to be verified may be used.</param>
    /// <param name="cancellation">Bounds the pull: the caller always gives a deadline.</param>
    /// <returns>What was wrong with the sources that were given up.</returns>
    /// <exception cref="ContentUnavailableException">The last source failed, too.</exception>
    public static async Task<IReadOnlyList<string>> PullAsync(
        this IByteChannel channel, IReadOnlyList<ContentRef> sources, TimeSpan patience, IPullTarget target, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(target);
        var givenUp = new List<string>();
        var pull = new Progress(channel, target);
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
    /// <exception cref="ContentUnavailableException">The content is not there (any more), or is other content.</exception>
    public static async Task<byte[]> PullBytesAsync(this IByteChannel channel, ContentRef content, CancellationToken cancellation)
    {
        var target = new BytesTarget();
        await channel.PullAsync([content], Timeout.InfiniteTimeSpan, target, cancellation);
        return target.Bytes;
    }

    /// <summary>What one pull has got so far, whoever it came from.</summary>
    private sealed class Progress(IByteChannel channel, IPullTarget target)
    {
        private ContentDigest? _digest;
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

                target.Begin(digest);
                _digest = digest;
            }

            while (_chunk < _digest.Chunks.Count)
            {
                await ReadAsync(source, _digest, onWait, cancellation);
            }
        }

        /// <summary>Reads chunks until the last one or until the stream breaks off; the next call goes on after it.</summary>
        private async Task ReadAsync(ContentRef source, ContentDigest digest, Action onWait, CancellationToken cancellation)
        {
            var offset = (long)_chunk * ContentDigest.ChunkBytes;
            try
            {
                await using var stream = await channel.OpenAsync(source.Node, source.Key, offset, digest.Length - offset, cancellation);
                for (; _chunk < digest.Chunks.Count; _chunk++)
                {
                    var bytes = target.Chunk(offset, (int)Math.Min(ContentDigest.ChunkBytes, digest.Length - offset));
                    await stream.ReadExactlyAsync(bytes, cancellation);
                    if (ContentHash.Of(bytes.Span) != digest.Chunks[_chunk])
                    {
                        throw new ContentUnavailableException($"chunk {_chunk} of {source.Key} on {source.Node} came damaged");
                    }

                    offset += bytes.Length;
                    target.Verified(offset);
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
