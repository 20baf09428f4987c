using System.Net.Mime;
using Intellect3.Actors.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>
/// Serves a node's content to other nodes: <c>GET /bytes/KEY</c>, whole or one range of it, and with <c>?digest</c> its length and chunk hashes (see
/// <see cref="ContentDigest.ToBytes"/>). The entity tag is the root hash. The client is <see cref="HttpByteChannel"/>.
/// </summary>
/// <param name="sources">What the node serves.</param>
/// <param name="limit">The node's uplink; null for no limit.</param>
public sealed class BytesEndpoint(IByteSource sources, UplinkLimit? limit = null) : IEndpointPart
{
    /// <summary>Bytes written at a time, straight into the response's own buffer.</summary>
    private const int PieceBytes = 1 << 20;

    /// <summary>The same where the uplink is shared out: in turns.</summary>
    private const int LimitedPieceBytes = 64 << 10;

    public void Map(IEndpointRouteBuilder routes) => routes.MapMethods(HttpByteChannel.Path + "{**key}", [HttpMethods.Get, HttpMethods.Head], ServeAsync);

    private async Task ServeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        using var content = await sources.OpenAsync((string?)request.RouteValues["key"] ?? "", context.RequestAborted);
        if (content is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var headers = response.GetTypedHeaders();
        headers.ETag = new EntityTagHeaderValue($"\"{content.Digest.Root}\"");
        response.ContentType = MediaTypeNames.Application.Octet;
        if (request.Query.ContainsKey(HttpByteChannel.DigestQuery))
        {
            var digest = content.Digest.ToBytes();
            response.ContentLength = digest.Length;
            await response.BodyWriter.WriteAsync(digest, context.RequestAborted);
            return;
        }

        headers.Set(HeaderNames.AcceptRanges, "bytes");
        if (RangeOf(request, content.Digest.Length) is not var (offset, end, partial))
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            headers.ContentRange = new ContentRangeHeaderValue(content.Digest.Length);
            return;
        }

        if (partial)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = new ContentRangeHeaderValue(offset, end - 1, content.Digest.Length);
        }

        response.ContentLength = end - offset;
        if (HttpMethods.IsGet(request.Method))
        {
            await SendAsync(context, content, offset, end);
        }
    }

    private async Task SendAsync(HttpContext context, IByteContent content, long offset, long end)
    {
        var (writer, aborted) = (context.Response.BodyWriter, context.RequestAborted);
        try
        {
            while (offset < end)
            {
                var bytes = (int)Math.Min(limit is null ? PieceBytes : LimitedPieceBytes, end - offset);
                await content.ArrivedAsync(offset + bytes, aborted);
                if (limit is not null)
                {
                    await limit.WaitAsync(bytes, aborted);
                }

                content.Read(offset, writer.GetSpan(bytes)[..bytes]);
                writer.Advance(bytes);
                offset += bytes;
                if ((await writer.FlushAsync(aborted)).IsCompleted)
                {
                    return;
                }
            }
        }
        catch (ContentUnavailableException)
        {
            // It will never arrive: the reader notices by the connection.
            context.Abort();
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
        }
    }

    /// <summary>From where to where; null when the range is not within the content. No range, or more than one, means the whole content.</summary>
    private static (long Offset, long End, bool Partial)? RangeOf(HttpRequest request, long length)
    {
        if (request.GetTypedHeaders().Range is not { Ranges: { Count: 1 } ranges } range || range.Unit != "bytes")
        {
            return (0, length, false);
        }

        // "-n" are the last n bytes.
        var (from, to) = (ranges.Single().From, ranges.Single().To ?? length - 1);
        var offset = from ?? Math.Max(0, length - to);
        var end = from is null ? length : Math.Min(length - 1, to) + 1;
        return offset < end ? (offset, end, true) : null;
    }
}
