namespace Intellect3.Actors.Hosting;

/// <summary>What a node can do; it may do several things.</summary>
public static class NodeRoles
{
    /// <summary>New nodes join through it.</summary>
    public const string Seed = "seed";

    /// <summary>May coordinate runs.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Learns.</summary>
    public const string Trainer = "trainer";

    /// <summary>Generates.</summary>
    public const string Rollout = "rollout";

    /// <summary>Scores what the same node generated.</summary>
    public const string Verifier = "verifier";

    public static IReadOnlyList<string> All { get; } = [Seed, Coordinator, Trainer, Rollout, Verifier];
}
