using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Intellect3.Actors.Transport;

/// <summary>Pulls content from the HTTP endpoints of other nodes, over pooled connections. What this node has itself is copied from memory.</summary>
/// <remarks>The other side is <c>BytesEndpoint</c>. What comes over the network is taken for damaged until it is proved right: lengths are checked before memory is allocated.</remarks>
public sealed class HttpByteChannel : IByteChannel, IDisposable
{
    /// <summary>The path under which an endpoint serves content.</summary>
    public const string Path = "/bytes/";

    /// <summary>The query that asks for the digest in the place of the content.</summary>
    public const string DigestQuery = "digest";

    /// <summary>A digest of 256 GiB of content.</summary>
    private const int MaxDigestBytes = 4 << 20;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly LoopbackByteChannel _local = new();
    private readonly NodeAddress? _self;
    private readonly HttpClient _client;

    /// <param name="self">This node's address; null when it serves nothing.</param>
    /// <param name="local">What it serves.</param>
    public HttpByteChannel(NodeAddress? self = null, IByteSource? local = null)
    {
        if (self is { } node && local is not null)
        {
            _self = node;
            _local.Connect(node, local);
        }

        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
        })
        {
            // Whoever calls has a deadline.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async ValueTask<ContentDigest> DescribeAsync(NodeAddress node, string key, CancellationToken cancellation)
    {
        if (IsLocal(node))
        {
            return await _local.DescribeAsync(node, key, cancellation);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, UriOf(node, key, "?" + DigestQuery));
        using var response = await SendAsync(request, HttpStatusCode.OK, node, key, cancellation);
        if (response.Content.Headers.ContentLength is not (>= sizeof(long) and <= MaxDigestBytes) and var length)
        {
            throw new ContentUnavailableException($"{node} answers with a digest of {length?.ToString() ?? "unknown"} bytes for {key}, which is none");
        }

        try
        {
            return ContentDigest.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (Exception exception) when (exception is FormatException or IOException or HttpRequestException)
        {
            throw new ContentUnavailableException($"{node} sent no whole digest of {key}: {exception.Message}", exception);
        }
    }

    public async ValueTask<Stream> OpenAsync(NodeAddress node, string key, long offset, long length, CancellationToken cancellation)
    {
        if (IsLocal(node))
        {
            return await _local.OpenAsync(node, key, offset, length, cancellation);
        }

        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length <= 0)
        {
            return Stream.Null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, UriOf(node, key, ""));
        request.Headers.Range = new RangeHeaderValue(offset, offset + length - 1);
        var response = await SendAsync(request, HttpStatusCode.PartialContent, node, key, cancellation);
        if (response.Content.Headers.ContentLength == length && response.Content.Headers.ContentRange?.From == offset)
        {
            // Disposing the stream gives the connection back: nothing else of the response needs to be disposed.
            return await response.Content.ReadAsStreamAsync(cancellation);
        }

        response.Dispose();
        throw new ContentUnavailableException($"{node} sends another range of {key} than the {length} bytes from {offset} on that were asked for");
    }

    public void Dispose() => _client.Dispose();

    private static Uri UriOf(NodeAddress node, string key, string query) =>
        Uri.TryCreate($"{node.Value.TrimEnd('/')}{Path}{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}{query}", UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            ? uri
            : throw new ContentUnavailableException($"'{node}' is no address of a node's endpoint");

    private bool IsLocal(NodeAddress node) => node == _self || node.Value.StartsWith("loopback://", StringComparison.Ordinal);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpStatusCode expected, NodeAddress node, string key, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException exception)
        {
            var reason = exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? "nothing listens there" : exception.Message;
            throw new ContentUnavailableException($"{node} cannot be reached: {reason}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new ContentUnavailableException($"{node} cannot be reached: it accepted no connection within {ConnectTimeout.TotalSeconds} s", exception);
        }

        if (response.StatusCode == expected)
        {
            return response;
        }

        response.Dispose();
        throw new ContentUnavailableException(response.StatusCode switch
        {
            HttpStatusCode.NotFound => $"{node} has nothing under {key} (any more)",
            HttpStatusCode.RequestedRangeNotSatisfiable => $"{key} on {node} has fewer bytes than were asked for",
            var status => $"{node} answers {(int)status} when asked for {key}: it is no node of this cluster, or of another version",
        });
    }
}
