using Intellect3.Environments.Rewards;

namespace Intellect3.Environments.Traces;

/// <summary>The outcome of one episode: a graph of messages, its rewards, metrics and errors.</summary>
/// <remarks>Not thread-safe: one rollout owns it until it is complete, and nobody changes it after.</remarks>
public sealed class Trace
{
    private readonly List<MessageNode> _nodes = [];
    private readonly SortedDictionary<string, RewardValue?> _rewards = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _metrics = new(StringComparer.Ordinal);
    private readonly List<TraceError> _errors = [];

    public IReadOnlyList<MessageNode> Nodes => _nodes;

    /// <summary>Every declared reward by name; null until it is scored.</summary>
    public IReadOnlyDictionary<string, RewardValue?> Rewards => _rewards;

    public IReadOnlyDictionary<string, double> Metrics => _metrics;

    public IReadOnlyList<TraceError> Errors => _errors;

    /// <summary>Why the episode ended: one of <see cref="StopConditions"/> or the name of a stop method; null until then and when it failed.</summary>
    public string? StopCondition { get; set; }

    /// <summary>True when nothing failed.</summary>
    public bool Ok => _errors.Count == 0;

    /// <summary>The weighted sum of the rewards; null while one is missing, when there is none, or when the trace failed.</summary>
    public double? Reward => !Ok || _rewards.Count == 0 || _rewards.Values.Any(r => r is null) ? null : _rewards.Values.Sum(r => r!.Value.Weighted);

    /// <summary>Appends a node and returns its index.</summary>
    public int Add(MessageNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(node.Parent, _nodes.Count);
        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    /// <summary>Declares a reward whose score is still unknown.</summary>
    public void DeclareReward(string name) => _rewards.TryAdd(name, null);

    public void RecordReward(string name, double score, double weight) => _rewards[name] = new RewardValue(score, weight);

    public void RecordMetric(string name, double value) => _metrics[name] = value;

    public void Fail(TraceError error) => _errors.Add(error);

    /// <summary>The texts of the policy's turns on the last branch, concatenated.</summary>
    public string Completion => string.Concat(LastBranch().Where(n => n.Sampled).Select(n => n.Message.Content));

    /// <summary>The nodes from the root to the last node added.</summary>
    public IReadOnlyList<MessageNode> LastBranch() => _nodes.Count == 0 ? [] : BranchTo(_nodes.Count - 1);

    /// <summary>Every root-to-leaf path, in order of the leaves. Each is one training sequence.</summary>
    public IEnumerable<IReadOnlyList<MessageNode>> Branches()
    {
        var parents = _nodes.Select(n => n.Parent).ToHashSet();
        for (var leaf = 0; leaf < _nodes.Count; leaf++)
        {
            if (!parents.Contains(leaf))
            {
                yield return BranchTo(leaf);
            }
        }
    }

    private List<MessageNode> BranchTo(int leaf)
    {
        var branch = new List<MessageNode>();
        for (var i = leaf; i >= 0; i = _nodes[i].Parent)
        {
            branch.Add(_nodes[i]);
        }

        branch.Reverse();
        return branch;
    }
}
