using Akka.Configuration;
using Intellect3.Environments.Hosting;
using Microsoft.Extensions.Logging;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>A node, as its command line describes it.</summary>
public sealed record NodeProcessOptions
{
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The cluster's name.</summary>
    public string Cluster { get; init; } = "intellect3";

    /// <summary>Nodes to join through, each <c>host:port</c>.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    public string Host { get; init; } = "127.0.0.1";

    public string? PublicHost { get; init; }

    public int Port { get; init; }

    public int HttpPort { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>Bytes a second that the node sends of weights, samples and packages; 0 for no limit.</summary>
    public long UplinkLimit { get; init; }

    /// <summary>Needed by whoever changes things over HTTP; null asks nobody.</summary>
    public string? AdminToken { get; init; }

    /// <summary>How long the node tries to join.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long it waits for the run to release it when it leaves.</summary>
    public TimeSpan LeaveTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Starts the child process of an injected environment: this program.</summary>
    public HostCommand EnvironmentHost { get; init; } = OwnProgram.With("env", "host");

    /// <summary>Akka settings that win over ours.</summary>
    public Config Hocon { get; init; } = Config.Empty;
}
