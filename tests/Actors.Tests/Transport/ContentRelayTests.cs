using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Tests.Transport;

public sealed class ContentRelayTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly NodeAddress Publisher = new("loopback://publisher");
    private static readonly NodeAddress Middle = new("loopback://middle");

    private readonly byte[] _bytes = new byte[(2 * ContentDigest.ChunkBytes) + 17];
    private readonly MemoryContent _content;
    private readonly LoopbackByteChannel _channel = new();
    private readonly ContentRelay _relay = new(Middle, Expect.Soon, TimeProvider.System);

    public ContentRelayTests()
    {
        new Random(1).NextBytes(_bytes);
        _content = new MemoryContent(_bytes);
        var sources = new ByteSources();
        sources.Add(ContentRelay.SourceName, _relay);
        _channel.Connect(Middle, sources);
    }

    private ContentRef Relayed => ContentRelay.At(Middle, new ContentRef(Publisher, "parameters/1.0", _bytes.Length, _content.Digest.Root));

    [Fact]
    public async Task A_chunk_is_passed_on_before_the_next_one_is_there()
    {
        _relay.Begin(_content.Digest, () => _content);
        var target = new ReportingTarget();
        var pull = _channel.PullAsync([Relayed], TimeSpan.Zero, target, None);

        foreach (var end in new long[] { ContentDigest.ChunkBytes, 2 * ContentDigest.ChunkBytes, _bytes.Length })
        {
            _relay.Advance(_content.Digest.Root, end);
            Assert.Equal(end, await Expect.Of(target.Next(), $"the bytes before {end}"));
        }

        await Expect.Of(pull, "the end of the pull");
        Assert.Equal(_bytes, target.Bytes);
    }

    [Fact]
    public async Task Who_asks_before_the_node_has_begun_waits_a_little()
    {
        var pull = _channel.PullBytesAsync(Relayed, None);
        _relay.Begin(new MemoryContent([1]).Digest, () => new MemoryContent([1]));
        _relay.Begin(_content.Digest, () => _content);
        _relay.Advance(_content.Digest.Root, _bytes.Length);

        Assert.Equal(_bytes, await Expect.Of(pull, "the content"));
    }

    [Fact]
    public async Task Who_asks_for_what_never_comes_is_told_so()
    {
        var relay = new ContentRelay(Middle, TimeSpan.FromMilliseconds(1), TimeProvider.System);

        Assert.Null(await Expect.Of(relay.OpenAsync("unknown", None).AsTask(), "an answer"));
    }

    [Fact]
    public async Task When_the_node_loses_it_those_that_wait_are_told()
    {
        _relay.Begin(_content.Digest, () => _content);
        var pull = _channel.PullBytesAsync(Relayed, None);
        _relay.End(_content.Digest.Root);

        await Assert.ThrowsAsync<ContentUnavailableException>(() => Expect.Of(pull, "the end of the pull"));
        Assert.Null(_relay.Open(_content.Digest.Root.ToString()));
    }

    [Fact]
    public async Task What_was_opened_stays_readable_when_its_successor_is_there()
    {
        _relay.Begin(_content.Digest, () => _content);
        _relay.Advance(_content.Digest.Root, _bytes.Length);
        await using var stream = await _channel.OpenAsync(Middle, Relayed.Key, 0, _bytes.Length, None);
        _relay.End(_content.Digest.Root);

        var bytes = new byte[_bytes.Length];
        await stream.ReadExactlyAsync(bytes, None);
        Assert.Equal(_bytes, bytes);
    }

    private sealed class ReportingTarget : IPullTarget
    {
        private readonly System.Threading.Channels.Channel<long> _verified = System.Threading.Channels.Channel.CreateUnbounded<long>();

        public byte[] Bytes { get; private set; } = [];

        public Task<long> Next() => _verified.Reader.ReadAsync().AsTask();

        public void Begin(ContentDigest digest) => Bytes = new byte[digest.Length];

        public Memory<byte> Chunk(long offset, int length) => Bytes.AsMemory((int)offset, length);

        public void Verified(long end) => _verified.Writer.TryWrite(end);
    }
}
