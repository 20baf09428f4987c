using System.Net;
using System.Net.Http.Headers;
using Intellect3.Actors.Transport;
using Intellect3.Cluster.Host.Endpoints;

namespace Intellect3.Cluster.Host.Tests.Endpoints;

public sealed class BytesEndpointTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Bytes = RandomBytes((2 * ContentDigest.ChunkBytes) + 17);

    private readonly TestSource _source = new();
    private readonly HttpByteChannel _channel = new();
    private readonly HttpClient _client = new();
    private NodeEndpoint _endpoint = null!;

    public async Task InitializeAsync()
    {
        var sources = new ByteSources();
        sources.Add("test", _source);
        _endpoint = await NodeEndpoint.StartAsync(new NodeEndpointOptions(), [new BytesEndpoint(sources)], None);
        _client.BaseAddress = new Uri(_endpoint.Address.Value);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        _client.Dispose();
        await _endpoint.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ContentDigest.ChunkBytes)]
    [InlineData((3 * ContentDigest.ChunkBytes) + 5)]
    public async Task Content_arrives_as_it_was_put(int length)
    {
        var bytes = RandomBytes(length);
        var reference = Serve("some key/with ümlauts & ?#%2F", bytes);

        Assert.Equal(bytes, await _channel.PullBytesAsync(reference, None));
    }

    [Theory]
    [InlineData("bytes=0-0", 206, 0, 1)]
    [InlineData("bytes=5-", 206, 5, -1)]
    [InlineData("bytes=1048570-1048600", 206, 1048570, 31)]
    [InlineData("bytes=-7", 206, -7, 7)]
    [InlineData("bytes=10-9223372036854775807", 206, 10, -1)]
    [InlineData("bytes=0-1,5-6", 200, 0, -1)]
    [InlineData("lines=0-1", 200, 0, -1)]
    [InlineData("bytes=99999999-", 416, 0, 0)]
    [InlineData("bytes=-0", 416, 0, 0)]
    public async Task A_range_is_answered_as_HTTP_says(string range, int status, int offset, int length)
    {
        Serve("it", Bytes);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/bytes/test/it");
        Assert.True(request.Headers.TryAddWithoutValidation("Range", range));

        using var response = await _client.SendAsync(request);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        if (offset < 0)
        {
            offset += Bytes.Length;
        }

        Assert.Equal(length < 0 ? Bytes[offset..] : Bytes[offset..(offset + length)], await response.Content.ReadAsByteArrayAsync());
        if (status == 206)
        {
            Assert.Equal(new ContentRangeHeaderValue(offset, (length < 0 ? Bytes.Length : offset + length) - 1, Bytes.Length), response.Content.Headers.ContentRange);
        }
    }

    [Fact]
    public async Task A_head_tells_length_and_root_hash()
    {
        var reference = Serve("it", Bytes);
        using var request = new HttpRequestMessage(HttpMethod.Head, "/bytes/test/it");

        using var response = await _client.SendAsync(request);

        Assert.Equal(Bytes.Length, response.Content.Headers.ContentLength);
        Assert.Equal($"\"{reference.Hash}\"", response.Headers.ETag?.Tag);
        Assert.Equal(["bytes"], response.Headers.AcceptRanges);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_gone_on_with_where_it_stopped()
    {
        var content = new BreakingContent(Bytes, ContentDigest.ChunkBytes + 1000);
        var reference = Serve("it", Bytes, content);

        Assert.Equal(Bytes, await _channel.PullBytesAsync(reference, None));

        Assert.Equal(1, content.Broken);
        Assert.InRange(content.Sent, Bytes.Length, (2 * Bytes.Length) - ContentDigest.ChunkBytes);
    }

    [Fact]
    public async Task Content_that_was_freed_says_so_at_its_next_range()
    {
        var reference = Serve("it", Bytes);
        await _channel.DescribeAsync(reference.Node, reference.Key, None);
        _source.Contents.Clear();

        await AssertUnavailable("has nothing under test/it (any more)", async () => await _channel.OpenAsync(reference.Node, reference.Key, 0, 1, None));
        await AssertUnavailable("has nothing under test/it (any more)", () => _channel.PullBytesAsync(reference, None));
        await AssertUnavailable("has nothing under other/it", () => _channel.PullBytesAsync(reference with { Key = "other/it" }, None));
    }

    [Fact]
    public async Task Damage_on_the_way_is_found()
    {
        var reference = Serve("it", Bytes, new DamagedContent(Bytes));

        await AssertUnavailable("chunk 1 of test/it on", () => _channel.PullBytesAsync(reference, None));
    }

    [Fact]
    public async Task A_range_beyond_the_content_is_refused()
    {
        var reference = Serve("it", [1, 2, 3]);

        await AssertUnavailable("fewer bytes", async () => await _channel.OpenAsync(reference.Node, reference.Key, 3, 1, None));
        await AssertUnavailable("another range", async () => await _channel.OpenAsync(reference.Node, reference.Key, 2, 2, None));
    }

    [Fact]
    public async Task An_own_address_is_read_from_memory()
    {
        var reference = Serve("it", Bytes);
        var sources = new ByteSources();
        sources.Add("test", _source);
        var self = new NodeAddress("http://node.invalid:1");
        using var channel = new HttpByteChannel(self, sources);

        Assert.Equal(Bytes, await channel.PullBytesAsync(reference with { Node = self }, None));
    }

    private static async Task AssertUnavailable(string message, Func<Task> call) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<ContentUnavailableException>(call)).Message, StringComparison.Ordinal);

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private ContentRef Serve(string key, byte[] bytes, IByteContent? content = null)
    {
        using var memory = new MemoryContent(bytes);
        _source.Contents[key] = content ?? memory;
        return new ContentRef(_endpoint.Address, $"test/{key}", bytes.Length, memory.Digest.Root);
    }

    private sealed class TestSource : IByteSource
    {
        public Dictionary<string, IByteContent> Contents { get; } = [];

        public IByteContent? Open(string key) => Contents.GetValueOrDefault(key);
    }

    /// <summary>Breaks the first response that reaches a byte.</summary>
    private sealed class BreakingContent(byte[] bytes, int at) : IByteContent
    {
        private readonly MemoryContent _content = new(bytes);

        public int Broken { get; private set; }

        public long Sent { get; private set; }

        public ContentDigest Digest => _content.Digest;

        public void Read(long offset, Span<byte> destination)
        {
            Sent += destination.Length;
            _content.Read(offset, destination);
        }

        public ValueTask ArrivedAsync(long end, CancellationToken cancellation) => end > at && Broken++ == 0 ? throw new ContentUnavailableException("lost") : ValueTask.CompletedTask;

        public void Dispose() => Broken = Math.Min(Broken, 1);
    }

    /// <summary>Has other bytes in its second chunk than its digest says.</summary>
    private sealed class DamagedContent(byte[] bytes) : IByteContent
    {
        private readonly MemoryContent _content = new(bytes);

        public ContentDigest Digest => _content.Digest;

        public void Read(long offset, Span<byte> destination)
        {
            _content.Read(offset, destination);
            if (offset >= ContentDigest.ChunkBytes)
            {
                destination[0] ^= 1;
            }
        }

        public void Dispose()
        {
        }
    }
}
