using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>Who may change things through a node's endpoint: this machine's users, and whoever has the admin token.</summary>
public static class AdminTokens
{
    /// <summary>The header that carries the token: <c>Authorization: Bearer TOKEN</c>.</summary>
    public const string Scheme = "Bearer ";

    /// <summary>Answers 401 to a caller without the token when the endpoint is bound to more than this machine.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder builder, NodeEndpointOptions options)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(options);
        return builder.AddEndpointFilter(async (call, next) =>
            IsAllowed(options, call.HttpContext.Request.Headers.Authorization)
                ? await next(call)
                : Results.Json(new { error = "this changes the cluster: send the node's admin token (--token, or INTELLECT3_TOKEN)" }, statusCode: (int)HttpStatusCode.Unauthorized));
    }

    /// <summary>True when the endpoint asks for no token, or the header has the right one. Takes the same time wherever two tokens differ.</summary>
    public static bool IsAllowed(NodeEndpointOptions options, string? authorization)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AdminToken is not { } token
            || (authorization is not null
                && authorization.StartsWith(Scheme, StringComparison.Ordinal)
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(authorization[Scheme.Length..]), Encoding.UTF8.GetBytes(token)));
    }
}
