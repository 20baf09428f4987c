using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Intellect3.Actors.Administration.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>
/// A node's palettes over HTTP: <c>GET /pbm/palettes</c> describes them, <c>POST /pbm/run</c> does a command and streams its responses as NDJSON. docs/operations.md describes both.
/// </summary>
/// <param name="palettes">The node's.</param>
/// <param name="options">The endpoint's: commands that change something need its admin token.</param>
public sealed class PbmEndpoint(PaletteRegistry palettes, NodeEndpointOptions options) : IEndpointPart
{
    public const string PalettesPath = "/pbm/palettes";
    public const string RunPath = "/pbm/run";

    private const int LongestRequest = 64 * 1024;
    private const string Lines = "application/x-ndjson";

    /// <summary>How both ends write and read JSON.</summary>
    internal static JsonSerializerOptions Format { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(PalettesPath, context => IsUp ? context.Response.WriteAsJsonAsync(palettes.Palettes, Format, context.RequestAborted) : SayNotUpAsync(context));
        routes.MapPost(RunPath, context => IsUp ? RunAsync(context) : SayNotUpAsync(context));
    }

    /// <summary>A node listens before it is a member, and has palettes from then on.</summary>
    private bool IsUp => palettes.Palettes.Count > 0;

    private static Task SayNotUpAsync(HttpContext context) => RefuseAsync(context, HttpStatusCode.ServiceUnavailable, new PbmLine
    {
        Exit = ExitCode.Failure,
        Error = "this node is in no cluster yet",
        Why = "It is starting, or its seed cannot be reached.",
        Remedy = "Try again once it has printed its ready line, or ask another node.",
    });

    private async Task RunAsync(HttpContext context)
    {
        PbmRequest request;
        CommandCall call;
        try
        {
            request = await ReadAsync(context);
            call = palettes.Parse(request.Palette ?? "", request.Command ?? "", request.Arguments ?? []);
        }
        catch (CommandSyntaxException wrong)
        {
            await RefuseAsync(context, HttpStatusCode.BadRequest, new PbmLine { Exit = ExitCode.BadInput, Error = wrong.Message, Why = wrong.Why, Remedy = wrong.Remedy });
            return;
        }

        if (call.Command.Changes && !AdminTokens.IsAllowed(options, context.Request.Headers.Authorization))
        {
            await RefuseAsync(context, HttpStatusCode.Unauthorized, new PbmLine
            {
                Exit = ExitCode.BadInput,
                Error = $"'{request.Palette} {request.Command}' changes the cluster and needs its admin token",
                Why = "This node can be reached from other machines.",
                Remedy = "Give it with --token, or in INTELLECT3_TOKEN.",
            });
            return;
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        context.Response.ContentType = Lines;
        try
        {
            await StreamAsync(context.Response, request.Palette!, call, leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // Whoever listened is gone, or this node is leaving.
        }
    }

    private async Task StreamAsync(HttpResponse response, string palette, CommandCall call, CancellationToken cancellation)
    {
        var end = new PbmLine { Exit = ExitCode.Success };
        try
        {
            await foreach (var given in palettes.Run(palette, call, cancellation))
            {
                if (given.Exit != 0)
                {
                    end = new PbmLine { Exit = given.Exit };
                }

                if (call.Json && given.Data is { } data)
                {
                    await WriteAsync(response, new PbmLine { Data = JsonSerializer.SerializeToElement(data, data.GetType(), Format) }, cancellation);
                }
                else if (!call.Json && given.Text is { } text)
                {
                    foreach (var line in text.Split('\n'))
                    {
                        await WriteAsync(response, new PbmLine { Line = line }, cancellation);
                    }
                }

                await response.Body.FlushAsync(cancellation);
            }
        }
        catch (CommandFailedException failed)
        {
            end = new PbmLine { Exit = ExitCode.Failure, Error = failed.Message, Why = failed.Why, Remedy = failed.Remedy };
        }

        await WriteAsync(response, end, cancellation);
    }

    private static Task RefuseAsync(HttpContext context, HttpStatusCode status, PbmLine line)
    {
        (context.Response.StatusCode, context.Response.ContentType) = ((int)status, Lines);
        return WriteAsync(context.Response, line, context.RequestAborted);
    }

    private static async Task WriteAsync(HttpResponse response, PbmLine line, CancellationToken cancellation)
    {
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, PbmLine.Format), cancellation);
        await response.Body.WriteAsync("\n"u8.ToArray(), cancellation);
    }

    /// <summary>A page of another site cannot send JSON here without being asked first, so it cannot steer a cluster through somebody's browser.</summary>
    private static async Task<PbmRequest> ReadAsync(HttpContext context)
    {
        const string remedy = "POST {\"palette\":\"cluster\",\"command\":\"show\",\"arguments\":[]}, with curl --json.";
        if (!context.Request.HasJsonContentType())
        {
            throw new CommandSyntaxException("the request is not JSON", "Its content type must be application/json.", remedy);
        }

        if (context.Request.ContentLength is not <= LongestRequest)
        {
            throw new CommandSyntaxException("the request is too long, or does not say how long it is", $"At most {LongestRequest} bytes.", remedy);
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<PbmRequest>(context.Request.Body, Format, context.RequestAborted) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new CommandSyntaxException("the request is no JSON object of palette, command and arguments", exception.Message, remedy);
        }
    }
}
