namespace Intellect3.Actors.Transport;

/// <summary>
/// Content that a node passes on while it pulls it: whoever asks for bytes that have not arrived waits for them. Keys are content hashes, so it does not matter
/// who announced what under which name. Thread-safe.
/// </summary>
/// <param name="node">Where this node serves its bytes.</param>
/// <param name="patience">How long somebody may wait for content that this node has not begun to pull: it hears of a version about when the others do.</param>
/// <param name="time">The clock.</param>
public sealed class ContentRelay(NodeAddress node, TimeSpan patience, TimeProvider time) : IByteSource
{
    /// <summary>The name of this source among a node's <see cref="ByteSources"/>.</summary>
    public const string SourceName = "relay";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where this node serves its bytes.</summary>
    public NodeAddress Node { get; } = node;

    /// <summary>The same content where a node passes it on.</summary>
    public static ContentRef At(NodeAddress node, ContentRef content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content with { Node = node, Key = $"{SourceName}/{content.Hash}" };
    }

    /// <summary>Serves content of which nothing has arrived.</summary>
    /// <param name="digest">The content's.</param>
    /// <param name="open">Opens what it is arriving in; called until <see cref="End"/>.</param>
    public void Begin(ContentDigest digest, Func<IByteContent> open)
    {
        ArgumentNullException.ThrowIfNull(digest);
        TaskCompletionSource begun;
        lock (_gate)
        {
            _entries[digest.Root.ToString()] = new Entry(new Arrival(), open);
            (begun, _begun) = (_begun, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        begun.SetResult();
    }

    /// <summary>The bytes before <paramref name="end"/> have arrived and are verified.</summary>
    public void Advance(ContentHash content, long end) => Find(content.ToString())?.Arrival.Advance(end);

    /// <summary>Serves content no longer. What is open stays readable as far as it has arrived.</summary>
    public void End(ContentHash content)
    {
        Entry? entry;
        lock (_gate)
        {
            _entries.Remove(content.ToString(), out entry);
        }

        entry?.Arrival.End();
    }

    public IByteContent? Open(string key)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) ? new RelayedContent(entry.Open(), entry.Arrival) : null;
        }
    }

    public async ValueTask<IByteContent?> OpenAsync(string key, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            Task begun;
            lock (_gate)
            {
                begun = _begun.Task;
            }

            if (Open(key) is { } content)
            {
                return content;
            }

            if (patience - time.GetElapsedTime(started) is not { Ticks: > 0 } left)
            {
                return null;
            }

            await begun.WaitAsync(left, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private Entry? Find(string key)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(key);
        }
    }

    private sealed record Entry(Arrival Arrival, Func<IByteContent> Open);

    private sealed class RelayedContent(IByteContent content, Arrival arrival) : IByteContent
    {
        public ContentDigest Digest => content.Digest;

        public void Read(long offset, Span<byte> destination) => content.Read(offset, destination);

        public ValueTask ArrivedAsync(long end, CancellationToken cancellation) => arrival.WaitAsync(end, cancellation);

        public void Dispose() => content.Dispose();
    }
}
