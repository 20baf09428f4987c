using Akka.Configuration;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Intellect3.Actors.Hosting;

/// <summary>One node of a cluster.</summary>
public sealed record ClusterNodeOptions
{
    /// <summary>The actor system's name, the same on all nodes of a cluster.</summary>
    public string Name { get; init; } = "intellect3";

    /// <summary>What the node does: <c>seed</c>, <c>coordinator</c>, <c>trainer</c>, <c>rollout</c>, <c>verifier</c>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The address to bind.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The address that other nodes reach this one by, where it is another one.</summary>
    public string? PublicHost { get; init; }

    /// <summary>The port to bind; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Nodes to join, each <c>host:port</c>; none makes a new cluster.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Settings that win over everything else.</summary>
    public Config Hocon { get; init; } = Config.Empty;

    /// <summary>The least level that is written to standard error.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>How long the node may take to be a member that is up.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told every few seconds, while no seed lets the node in, why that is.</summary>
    public Action<string> OnWaiting { get; init; } = _ => { };

    /// <summary>How long it may take to leave; at least the sum of the phases of coordinated shutdown that are used.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Adds services that actors are made from.</summary>
    public Action<IServiceCollection> ConfigureServices { get; init; } = _ => { };

    /// <summary>Adds actors, shard regions and singletons.</summary>
    public Action<AkkaConfigurationBuilder, IServiceProvider> ConfigureActors { get; init; } = (_, _) => { };
}
