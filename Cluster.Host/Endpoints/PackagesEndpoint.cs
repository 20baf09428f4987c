using Intellect3.Actors.Injection;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Packages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>A package as lists show it.</summary>
public sealed record PackageRow(string Name, string Version, string Sha256);

/// <summary>
/// <c>GET /packages</c> lists what the node keeps; <c>POST /packages</c> brings a package as the request's body: 201 when it is new, 200 when the same bytes were there, 400 with
/// <c>{"error"}</c> when it is no usable package, 409 when its version has other bytes, 503 when this node has it but the coordinator does not.
/// </summary>
/// <param name="store">The node's packages.</param>
/// <param name="options">Who may bring some.</param>
/// <param name="share">Hands a package on to the coordinator; returns what went wrong, or null.</param>
public sealed class PackagesEndpoint(PackageStore store, NodeEndpointOptions options, Func<EnvironmentKey, CancellationToken, Task<string?>> share) : IEndpointPart
{
    public const string Path = "/packages";

    public void Map(IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        routes.MapGet(Path, () => Results.Json(store.Packages.Select(key => new PackageRow(key.Name, key.Version, key.Hash)), Json.Options));
        routes.MapPost(Path, TakeAsync).RequireAdmin(options);
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        var most = PackageLimits.Default.PackedBytes;
        if (request.ContentLength > most)
        {
            return Refused(StatusCodes.Status413PayloadTooLarge, $"a package has at most {most >> 20} MiB");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = most;
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        EnvironmentPackage package;
        try
        {
            package = EnvironmentPackage.Read(body.ToArray());
        }
        catch (PackageException e)
        {
            return Refused(StatusCodes.Status400BadRequest, e.Message);
        }

        try
        {
            var isNew = store.Keep(package);
            if (await share(package.Key, request.HttpContext.RequestAborted) is { } problem)
            {
                return Refused(StatusCodes.Status503ServiceUnavailable, problem);
            }

            var row = new PackageRow(package.Key.Name, package.Key.Version, package.Key.Hash);
            return Results.Json(row, Json.Options, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        }
        catch (PackageException e)
        {
            return Refused(StatusCodes.Status409Conflict, e.Message);
        }
    }

    private static IResult Refused(int status, string error) => Results.Json(new { error }, Json.Options, statusCode: status);
}
