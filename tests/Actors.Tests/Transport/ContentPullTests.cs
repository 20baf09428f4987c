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
    public async Task Damage_is_found_before_a_byte_of_the_chunk_is_written(int length)
    {
        var bytes = RandomBytes(length);
        var channel = new DamagingChannel(Serve(bytes, out var reference));
        var written = 0L;

        if (length > 0)
        {
            await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullAsync(reference, (_, chunk) => written += chunk.Length, None));
        }

        Assert.Equal(0, written);
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
    public async Task A_range_outside_is_refused(long offset, int length)
    {
        var channel = Serve(RandomBytes(10), out var reference);

        await Assert.ThrowsAsync<ContentUnavailableException>(async () => await channel.ReadAsync(Node, reference.Key, offset, new byte[length], None));
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
        var sources = new ByteSources();
        sources.Add("test", new OneContent(content));
        var channel = new LoopbackByteChannel();
        channel.Connect(Node, sources);
        reference = new ContentRef(Node, "test/it", bytes.Length, content.Digest.Root);
        return channel;
    }

    private sealed class OneContent(IByteContent content) : IByteSource
    {
        public IByteContent? Open(string key) => key == "it" ? content : null;
    }

    /// <summary>Flips a bit of everything it reads.</summary>
    private sealed class DamagingChannel(IByteChannel inner) : IByteChannel
    {
        public ValueTask<ContentDigest> DescribeAsync(NodeAddress node, string key, CancellationToken cancellation) => inner.DescribeAsync(node, key, cancellation);

        public async ValueTask ReadAsync(NodeAddress node, string key, long offset, Memory<byte> destination, CancellationToken cancellation)
        {
            await inner.ReadAsync(node, key, offset, destination, cancellation);
            destination.Span[^1] ^= 0x40;
        }
    }
}
