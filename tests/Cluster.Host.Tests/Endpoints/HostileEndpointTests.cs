using System.Net;
using System.Net.Sockets;
using System.Text;
using Intellect3.Actors.Transport;

namespace Intellect3.Cluster.Host.Tests.Endpoints;

/// <summary>What a channel makes of a node that answers nonsense.</summary>
public sealed class HostileEndpointTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly HttpByteChannel _channel = new();

    public void Dispose() => _channel.Dispose();

    [Theory]
    [InlineData("200 OK\r\nContent-Length: 7\r\n\r\n1234567", "a digest of 7 bytes")]
    [InlineData("200 OK\r\nContent-Length: 99999999999\r\n\r\n", "a digest of 99999999999 bytes")]
    [InlineData("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "a digest of unknown bytes")]
    [InlineData("200 OK\r\nContent-Length: 24\r\n\r\n\0\0\0\0\0\0\0\u007f0123456789abcdef", "are no digest")]
    [InlineData("200 OK\r\nContent-Length: 24\r\n\r\n\u0001\0\0\0\0\0\0\0", "no whole digest")]
    [InlineData("302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "answers 302")]
    [InlineData("500 Oops\r\nContent-Length: 0\r\n\r\n", "answers 500")]
    public Task A_digest_that_is_none_is_refused(string answer, string reason) =>
        AssertRefused(answer, reason, async node => await _channel.DescribeAsync(node, "test/it", None));

    [Theory]
    [InlineData("200 OK\r\nContent-Length: 8\r\n\r\n12345678", "answers 200")]
    [InlineData("206 Partial Content\r\nContent-Length: 99999999999\r\nContent-Range: bytes 16-99/100\r\n\r\n", "another range")]
    [InlineData("206 Partial Content\r\nContent-Length: 8\r\nContent-Range: bytes 0-7/100\r\n\r\n12345678", "another range")]
    [InlineData("206 Partial Content\r\nContent-Length: 8\r\n\r\n12345678", "another range")]
    [InlineData("no HTTP at all\r\n\r\n", "cannot be reached")]
    public Task A_range_that_is_another_is_refused(string answer, string reason) =>
        AssertRefused(answer, reason, async node => await _channel.OpenAsync(node, "test/it", 16, 8, None));

    [Fact]
    public async Task Nobody_there_says_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var exception = await Assert.ThrowsAsync<ContentUnavailableException>(async () => await _channel.DescribeAsync(new NodeAddress($"http://127.0.0.1:{port}"), "test/it", None));
        Assert.Contains("nothing listens there", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("file:///etc")]
    [InlineData("loopback://elsewhere")]
    public Task An_address_that_is_none_is_refused(string address) =>
        Assert.ThrowsAsync<ContentUnavailableException>(async () => await _channel.DescribeAsync(new NodeAddress(address), "test/it", None));

    private static async Task AssertRefused(string answer, string reason, Func<NodeAddress, Task> call)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, Encoding.Latin1.GetBytes("HTTP/1.1 " + answer));

        var exception = await Assert.ThrowsAsync<ContentUnavailableException>(() => call(new NodeAddress($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        await answering;
    }

    /// <summary>Gives one request one answer, and closes.</summary>
    private static async Task AnswerAsync(TcpListener listener, byte[] answer)
    {
        using var socket = await listener.AcceptSocketAsync();
        await socket.ReceiveAsync(new byte[4096]);
        await socket.SendAsync(answer);
        socket.Shutdown(SocketShutdown.Both);
    }
}
