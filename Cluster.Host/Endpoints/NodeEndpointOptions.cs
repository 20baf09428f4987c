namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>A node's HTTP endpoint.</summary>
public sealed record NodeEndpointOptions
{
    /// <summary>The address to bind.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The name or address that others reach it by, where it is another one.</summary>
    public string? PublicHost { get; init; }

    /// <summary>The port to bind; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Needed by whoever changes things; null asks nobody, which is allowed on loopback alone.</summary>
    public string? AdminToken { get; init; }
}
