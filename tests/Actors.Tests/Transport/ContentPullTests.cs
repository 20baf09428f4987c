using FsCheck.Xunit;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Tests.Transport;

public sealed class ContentPullTests
{
    private static readonly NodeAddress Node = new("loopback://a");
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<int> Lengths { get; } = [0, 1, 100, ContentDigest.ChunkBytes - 1, ContentDigest.ChunkBytes, ContentDigest.ChunkBytes + 1, (3 * ContentDigest.ChunkBytes) + 17];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Content_arrives_as_it_was_put(int length)
    {
        var bytes = RandomBytes(length);
        var channel = Serve(bytes, out var reference);

        Assert.Equal(bytes, await channel.PullBytesAsync(reference, None));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task Damage_is_found_before_a_byte_of_the_chunk_is_used(int length)
    {
        var bytes = RandomBytes(length);
        var channel = new ScriptedChannel(Serve(bytes, out var reference)) { OnOpen = _ => stream => new DamagingStream(stream, 0) };
        var target = new RecordingTarget();

        if (length > 0)
        {
            await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullAsync([reference], TimeSpan.Zero, target, None));
        }

        Assert.Equal(0, target.End);
    }

    [Fact]
    public async Task Other_content_under_the_key_is_refused()
    {
        var channel = Serve(RandomBytes(10), out var reference);

        await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullBytesAsync(reference with { Hash = default }, None));
        await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullBytesAsync(reference with { Length = 9 }, None));
    }

    [Fact]
    public async Task What_is_not_there_says_so()
    {
        var channel = Serve(RandomBytes(10), out var reference);

        await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullBytesAsync(reference with { Key = "test/other" }, None));
        await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullBytesAsync(reference with { Key = "nonsense" }, None));
        channel.Disconnect(Node);
        Assert.Contains("cannot be reached", (await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullBytesAsync(reference, None))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(-1, 1)]
    [InlineData(long.MaxValue, 1)]
    public async Task A_range_outside_is_refused(long offset, long length)
    {
        var channel = Serve(RandomBytes(10), out var reference);

        await Assert.ThrowsAsync<ContentUnavailableException>(async () => await channel.OpenAsync(Node, reference.Key, offset, length, None));
    }

    [Fact]
    public async Task A_pull_that_is_given_up_stops()
    {
        var channel = Serve(RandomBytes(10), out var reference);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.PullBytesAsync(reference, cancelled.Token));
    }

    [Property]
    public void The_root_depends_on_every_byte(byte[] bytes, int at)
    {
        if (bytes.Length == 0)
        {
            return;
        }

        var changed = (byte[])bytes.Clone();
        changed[(int)((uint)at % (uint)bytes.Length)] ^= 1;

        using var before = new MemoryContent(bytes);
        using var after = new MemoryContent(changed);
        Assert.NotEqual(before.Digest.Root, after.Digest.Root);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_digest_is_read_as_it_was_written_and_a_cut_one_is_refused(int length)
    {
        using var content = new MemoryContent(RandomBytes(length));
        var bytes = content.Digest.ToBytes();

        Assert.Equal(content.Digest.Root, ContentDigest.Parse(bytes).Root);
        Assert.Throws<FormatException>(() => ContentDigest.Parse(bytes.AsSpan(1)));
        Assert.Throws<FormatException>(() => ContentDigest.Parse([]));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(1L << 60)]
    public void A_digest_with_a_length_that_its_hashes_do_not_fit_is_refused(long length) =>
        Assert.Throws<FormatException>(() => ContentDigest.Parse([.. BitConverter.GetBytes(length), .. new byte[32]]));

    [Fact]
    public async Task A_stream_that_breaks_off_is_gone_on_with_from_the_chunk_that_is_missing()
    {
        var bytes = RandomBytes((3 * ContentDigest.ChunkBytes) + 5000);
        var channel = new ScriptedChannel(Serve(bytes, out var reference)) { OnOpen = opens => stream => new BreakingStream(stream, ContentDigest.ChunkBytes + (opens * 1000)) };

        Assert.Equal(bytes, await channel.PullBytesAsync(reference, None));

        Assert.Equal([0, ContentDigest.ChunkBytes, 2 * ContentDigest.ChunkBytes, 3 * ContentDigest.ChunkBytes], channel.Opened.Select(o => o.Offset));
    }

    [Fact]
    public async Task A_stream_that_never_gets_further_is_given_up()
    {
        var channel = new ScriptedChannel(Serve(RandomBytes(100), out var reference)) { OnOpen = _ => stream => new BreakingStream(stream, 99) };

        var exception = await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullBytesAsync(reference, None));

        Assert.Contains("again and again", exception.Message, StringComparison.Ordinal);
        Assert.Equal(4, channel.Opened.Count);
    }

    [Fact]
    public async Task Where_a_peer_fails_the_next_goes_on()
    {
        var bytes = RandomBytes((3 * ContentDigest.ChunkBytes) + 17);
        var channel = Serve(bytes, out var reference);
        var peer = new NodeAddress("loopback://peer");
        channel.Connect(peer, Sources(new MemoryContent(bytes)));
        var scripted = new ScriptedChannel(channel) { OnOpen = opens => stream => opens == 0 ? new DamagingStream(stream, ContentDigest.ChunkBytes) : stream };
        var target = new RecordingTarget();

        var givenUp = await scripted.PullAsync(
            [reference with { Node = new NodeAddress("loopback://gone") }, reference with { Node = peer }, reference], TimeSpan.FromMinutes(1), target, None);

        Assert.Equal(bytes, target.Bytes);
        Assert.Equal([(peer, 0L), (Node, (long)ContentDigest.ChunkBytes)], scripted.Opened);
        Assert.Collection(givenUp, e => Assert.Contains("gone cannot be reached", e, StringComparison.Ordinal), e => Assert.Contains("chunk 1 of test/it on loopback://peer came damaged", e, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_peer_that_hangs_is_left_and_the_last_source_is_waited_for()
    {
        var bytes = RandomBytes(100);
        var channel = Serve(bytes, out var reference);
        var never = new NodeAddress("loopback://never");
        channel.Connect(never, Sources(new HangingContent(bytes)));
        var target = new RecordingTarget();

        var givenUp = await channel.PullAsync([reference with { Node = never }, reference], TimeSpan.FromMilliseconds(1), target, None);

        Assert.Equal(bytes, target.Bytes);
        Assert.Contains("never sent no chunk", Assert.Single(givenUp), StringComparison.Ordinal);
    }

    [Fact]
    public void Hashes_must_fit_the_length() => Assert.Throws<ArgumentException>(() => new ContentDigest(ContentDigest.ChunkBytes + 1, new ContentHash[1]));

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static LoopbackByteChannel Serve(byte[] bytes, out ContentRef reference)
    {
        var content = new MemoryContent(bytes);
        var channel = new LoopbackByteChannel();
        channel.Connect(Node, Sources(content));
        reference = new ContentRef(Node, "test/it", bytes.Length, content.Digest.Root);
        return channel;
    }

    private static ByteSources Sources(IByteContent content)
    {
        var sources = new ByteSources();
        sources.Add("test", new OneContent(content));
        return sources;
    }

    private sealed class OneContent(IByteContent content) : IByteSource
    {
        public IByteContent? Open(string key) => key == "it" ? content : null;
    }

    private sealed class RecordingTarget : IPullTarget
    {
        public byte[] Bytes { get; private set; } = [];

        public long End { get; private set; }

        public void Begin(ContentDigest digest) => Bytes = new byte[digest.Length];

        public Memory<byte> Chunk(long offset, int length) => Bytes.AsMemory((int)offset, length);

        public void Verified(long end) => End = end;
    }

    /// <summary>Describes itself, and never comes.</summary>
    private sealed class HangingContent(byte[] bytes) : IByteContent
    {
        public ContentDigest Digest { get; } = new MemoryContent(bytes).Digest;

        public void Read(long offset, Span<byte> destination) => throw new InvalidOperationException("it has not arrived");

        public async ValueTask ArrivedAsync(long end, CancellationToken cancellation) => await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);

        public void Dispose()
        {
        }
    }

    /// <summary>Wraps the streams of another channel, and remembers which were opened.</summary>
    private sealed class ScriptedChannel(IByteChannel inner) : IByteChannel
    {
        public List<(NodeAddress Node, long Offset)> Opened { get; } = [];

        /// <summary>Of how many streams were opened before.</summary>
        public required Func<int, Func<Stream, Stream>> OnOpen { get; init; }

        public ValueTask<ContentDigest> DescribeAsync(NodeAddress node, string key, CancellationToken cancellation) => inner.DescribeAsync(node, key, cancellation);

        public async ValueTask<Stream> OpenAsync(NodeAddress node, string key, long offset, long length, CancellationToken cancellation)
        {
            var stream = await inner.OpenAsync(node, key, offset, length, cancellation);
            Opened.Add((node, offset));
            return OnOpen(Opened.Count - 1)(stream);
        }
    }

    /// <summary>Breaks off after some bytes.</summary>
    private sealed class BreakingStream(Stream inner, int after) : WrappedStream(inner)
    {
        private int _left = after;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_left == 0)
            {
                throw new IOException("the connection was reset");
            }

            var read = await Inner.ReadAsync(buffer[..Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }
    }

    /// <summary>Flips a bit of one byte.</summary>
    private sealed class DamagingStream(Stream inner, int at) : WrappedStream(inner)
    {
        private int _at;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await Inner.ReadAsync(buffer, cancellationToken);
            if (_at <= at && at < _at + read)
            {
                buffer.Span[at - _at] ^= 0x40;
            }

            _at += read;
            return read;
        }
    }

    private abstract class WrappedStream(Stream inner) : MemoryStream
    {
        protected Stream Inner => inner;

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
