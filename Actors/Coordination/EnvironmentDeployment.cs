using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Coordination;

/// <summary>
/// Which injected environment runs on which rollout node, as far as the nodes have said, and what they have to be told so that each runs what is needed and nothing else. Pure
/// bookkeeping; environments that are built in run everywhere and are never told.
/// </summary>
public sealed class EnvironmentDeployment
{
    private readonly Dictionary<(string Node, EnvironmentKey Key), Deployed> _deployed = [];

    /// <summary>What a node said of an environment.</summary>
    private enum Stage
    {
        Asked,
        Runs,
        Refused,
        Retiring,
    }

    /// <summary>True when a node can take groups of an environment.</summary>
    public bool Runs(string node, EnvironmentKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Hash == EnvironmentKey.BuiltIn || _deployed.GetValueOrDefault((node, key))?.Stage == Stage.Runs;
    }

    /// <summary>True when every node has said whether it runs an environment.</summary>
    public bool IsSettled(EnvironmentKey key, IEnumerable<string> nodes) => nodes.All(n => _deployed.GetValueOrDefault((n, key))?.Stage is Stage.Runs or Stage.Refused);

    /// <summary>Nodes that run an environment.</summary>
    public int CountOf(EnvironmentKey key) => _deployed.Count(d => d.Key.Key == key && d.Value.Stage == Stage.Runs);

    /// <summary>Why nodes refused an environment: a line a node.</summary>
    public IReadOnlyList<string> RefusalsOf(EnvironmentKey key) =>
        [.. _deployed.Where(d => d.Key.Key == key && d.Value.Stage == Stage.Refused).OrderBy(d => d.Key.Node, StringComparer.Ordinal).Select(d => $"{d.Key.Node}: {d.Value.Reason}")];

    /// <summary>Environments that nodes run, were asked to run, or are ending.</summary>
    public IReadOnlyList<EnvironmentKey> Known => [.. _deployed.Keys.Select(k => k.Key).Distinct()];

    /// <summary>What nodes have to be told now; it counts as told.</summary>
    /// <param name="nodes">The rollout nodes.</param>
    /// <param name="needed">The environments that the run needs.</param>
    public (IReadOnlyList<(string Node, EnvironmentKey Key)> Install, IReadOnlyList<(string Node, EnvironmentKey Key)> Retire) Tell(IReadOnlyCollection<string> nodes, IReadOnlySet<EnvironmentKey> needed)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(needed);
        var install = nodes.SelectMany(n => needed.Where(k => k.Hash != EnvironmentKey.BuiltIn).Select(k => (Node: n, Key: k)))
            .Where(p => _deployed.GetValueOrDefault(p)?.Stage is null or Stage.Retiring)
            .ToList();
        var retire = _deployed.Where(d => !needed.Contains(d.Key.Key) && d.Value.Stage != Stage.Retiring).Select(d => d.Key).ToList();
        install.ForEach(p => _deployed[p] = new Deployed(Stage.Asked));
        retire.ForEach(p => _deployed[p] = new Deployed(Stage.Retiring));
        return (install, retire);
    }

    /// <summary>A node runs an environment.</summary>
    public void Installed(string node, EnvironmentKey key)
    {
        if (_deployed.TryGetValue((node, key), out var deployed) && deployed.Stage == Stage.Asked)
        {
            _deployed[(node, key)] = new Deployed(Stage.Runs);
        }
    }

    /// <summary>A node does not run an environment (any more), and why.</summary>
    public void Refused(string node, EnvironmentKey key, string reason)
    {
        if (_deployed.TryGetValue((node, key), out var deployed) && deployed.Stage is Stage.Asked or Stage.Runs)
        {
            _deployed[(node, key)] = new Deployed(Stage.Refused, reason);
        }
    }

    /// <summary>An environment's process has ended on a node.</summary>
    public void Retired(string node, EnvironmentKey key)
    {
        if (_deployed.TryGetValue((node, key), out var deployed) && deployed.Stage == Stage.Retiring)
        {
            _deployed.Remove((node, key));
        }
    }

    /// <summary>A node is gone.</summary>
    public void Lose(string node)
    {
        foreach (var key in _deployed.Keys.Where(k => k.Node == node).ToList())
        {
            _deployed.Remove(key);
        }
    }

    private sealed record Deployed(Stage Stage, string? Reason = null);
}
