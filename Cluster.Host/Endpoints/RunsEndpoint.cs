using Akka.Actor;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Messages;
using Intellect3.Cluster.Host.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>
/// Runs, at any node: <c>POST /runs</c> submits one, <c>GET /runs</c> lists them, <c>GET /runs/status</c> tells how the active or the last one stands, <c>POST /runs/stop</c> asks for a
/// checkpoint and an end. All JSON, and a POST has to say that it is: so a web page cannot send one through somebody's browser.
/// </summary>
/// <param name="node">The node.</param>
/// <param name="options">Who may submit and stop.</param>
public sealed class RunsEndpoint(NodeParts node, NodeEndpointOptions options) : IEndpointPart
{
    public const string Path = "/runs";

    public const string StatusPath = Path + "/status";

    public const string StopPath = Path + "/stop";

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, () => AskAsync(new GetRuns()));
        routes.MapGet(StatusPath, () => AskAsync(new GetRunStatus()));
        routes.MapPost(Path, async (HttpRequest request) => await ReadAsync(request) is { } run ? await AskAsync(run) : Refused("the body is no run in JSON: name, directory, config")).RequireAdmin(options);
        routes.MapPost(StopPath, (HttpRequest request) =>
        {
            if (!request.HasJsonContentType())
            {
                return Refused("the body is not JSON: send {} as application/json");
            }

            node.Host?.Runs.Tell(new StopRun("asked to over HTTP"));
            return Results.Json(new { asked = node.Host is not null }, Json.Options);
        }).RequireAdmin(options);
    }

    private static async Task<SubmitRun?> ReadAsync(HttpRequest request)
    {
        try
        {
            return request.HasJsonContentType() && await request.ReadFromJsonAsync<SubmitRun>(Json.Options) is { Name.Length: > 0, Directory: not null, Config: not null } run ? run : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private async Task<IResult> AskAsync(IRunMessage question)
    {
        if (node.Host is not { } host)
        {
            return Unavailable("this node is in no cluster yet");
        }

        try
        {
            return await host.Runs.Ask<IRunMessage>(question, AskTimeout) switch
            {
                RunAccepted accepted => Results.Json(new AcceptedBody(accepted.Run.Name, accepted.Run.Directory, accepted.Attached), Json.Options),
                RunRefused refused => Results.Json(new ErrorBody(refused.What, refused.Why, refused.Remedy), Json.Options, statusCode: StatusCodes.Status409Conflict),
                RunStatus status => Results.Json(status, Json.Options),
                RunList list => Results.Json(list.Runs, Json.Options),
                NoRun none => Results.Json(new ErrorBody(none.Reason), Json.Options, statusCode: StatusCodes.Status404NotFound),
                var other => Results.Json(new ErrorBody($"{other.GetType().Name} is no answer"), Json.Options, statusCode: StatusCodes.Status500InternalServerError),
            };
        }
        catch (AskTimeoutException)
        {
            return Unavailable($"no coordinator answered within {AskTimeout.TotalSeconds:0} s: is a node with the role coordinator up?");
        }
    }

    private static IResult Refused(string why) => Results.Json(new ErrorBody(why), Json.Options, statusCode: StatusCodes.Status400BadRequest);

    private static IResult Unavailable(string why) => Results.Json(new ErrorBody(why), Json.Options, statusCode: StatusCodes.Status503ServiceUnavailable);

    /// <summary>What a refusal says.</summary>
    public sealed record ErrorBody(string Error, string Why = "", string Remedy = "");

    /// <summary>A run that was submitted.</summary>
    public sealed record AcceptedBody(string Run, string Directory, bool Attached);
}
