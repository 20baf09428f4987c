using Akka.Cluster;
using Intellect3.Cluster.Host.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>Whether the process lives, and whether the node is a member that is up.</summary>
/// <param name="node">The node.</param>
public sealed class HealthEndpoint(NodeParts node) : IEndpointPart
{
    public const string Live = "/healthz/live";

    public const string Ready = "/healthz/ready";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Live, () => Results.Text("live\n"));
        routes.MapGet(Ready, () => node.Host is { } host && host.Node.Cluster.SelfMember.Status == MemberStatus.Up
            ? Results.Text($"ready {host.Node.Cluster.SelfAddress}\n")
            : Results.Text("not joined\n", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
