using Microsoft.AspNetCore.Routing;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>One subject of a node's HTTP endpoint: bytes, health, metrics, pbm, runs, packages. One that is disposable ends with the endpoint.</summary>
public interface IEndpointPart
{
    /// <summary>Adds its routes. What changes something carries <see cref="AdminTokens.RequireAdmin"/>.</summary>
    void Map(IEndpointRouteBuilder routes);
}
