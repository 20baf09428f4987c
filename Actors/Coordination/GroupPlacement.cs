namespace Intellect3.Actors.Coordination;

/// <summary>Which rollout node runs which group: work goes to free slots, wherever they are. Pure bookkeeping.</summary>
public sealed class GroupPlacement
{
    private readonly SortedDictionary<string, (int Slots, int Used)> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Node, int Sequences)> _groups = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leaving = new(StringComparer.Ordinal);

    /// <summary>Nodes that take work.</summary>
    public IReadOnlyList<string> Nodes => [.. _nodes.Keys.Where(n => !_leaving.Contains(n))];

    /// <summary>Every node, and how it is used.</summary>
    public IReadOnlyList<NodeWork> Work => [.. _nodes.Select(n => new NodeWork(n.Key, n.Value.Slots, n.Value.Used, _groups.Values.Count(g => g.Node == n.Key), _leaving.Contains(n.Key)))];

    /// <summary>Sequences that can run at once.</summary>
    public int Slots => _nodes.Values.Sum(n => n.Slots);

    /// <summary>Sequences of the groups that are placed.</summary>
    public int Used => _nodes.Values.Sum(n => n.Used);

    /// <summary>Adds a node, or changes its slots.</summary>
    public void SetNode(string incarnation, int slots) => _nodes[incarnation] = (slots, _nodes.GetValueOrDefault(incarnation).Used);

    /// <summary>A node takes no more work; what it has goes on.</summary>
    public void Leave(string incarnation) => _leaving.Add(incarnation);

    /// <summary>Removes a node and returns the groups that ran on it.</summary>
    public IReadOnlyList<string> RemoveNode(string incarnation)
    {
        _nodes.Remove(incarnation);
        _leaving.Remove(incarnation);
        var lost = _groups.Where(g => g.Value.Node == incarnation).Select(g => g.Key).Order(StringComparer.Ordinal).ToList();
        lost.ForEach(group => _groups.Remove(group));
        return lost;
    }

    /// <summary>Places a group on the node with the most room, relative to its slots; null when no node takes it.</summary>
    public string? Place(string group, int sequences, Func<string, bool>? isFit = null)
    {
        var open = _nodes.Where(n => !_leaving.Contains(n.Key) && isFit?.Invoke(n.Key) != false).ToList();
        if (open.Count == 0)
        {
            return null;
        }

        var node = open.MaxBy(n => (n.Value.Slots - n.Value.Used) / (double)n.Value.Slots).Key;
        _nodes[node] = (_nodes[node].Slots, _nodes[node].Used + sequences);
        _groups[group] = (node, sequences);
        return node;
    }

    /// <summary>A group ended; repeated calls change nothing.</summary>
    public void Release(string group)
    {
        if (_groups.Remove(group, out var placed) && _nodes.TryGetValue(placed.Node, out var node))
        {
            _nodes[placed.Node] = (node.Slots, node.Used - placed.Sequences);
        }
    }
}
