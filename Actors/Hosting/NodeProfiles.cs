using Akka.Configuration;

namespace Intellect3.Actors.Hosting;

/// <summary>Akka settings by the kind of a node: the files hocon/solo.conf, seed.conf and worker.conf as they were when this was built.</summary>
public static class NodeProfiles
{
    /// <summary>A cluster of one node.</summary>
    public static Config Solo { get; } = Read("solo");

    /// <summary>The profile of a node's roles.</summary>
    public static Config Of(IReadOnlyList<string> roles)
    {
        ArgumentNullException.ThrowIfNull(roles);
        return Read(roles.Contains(NodeRoles.Seed) ? "seed" : "worker");
    }

    private static Config Read(string name) => ConfigurationFactory.FromResource($"Intellect3.Actors.Hosting.{name}.conf", typeof(NodeProfiles).Assembly);
}
