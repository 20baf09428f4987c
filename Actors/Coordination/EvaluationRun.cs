namespace Intellect3.Actors.Coordination;

/// <summary>An evaluation under way: which groups are still to start, which are out, and what came back. Pure bookkeeping.</summary>
public sealed class EvaluationRun
{
    /// <summary>Episodes of a group.</summary>
    public const int GroupSize = 16;

    /// <summary>Sets the streams of evaluations apart from those of prompts, which are draw indices.</summary>
    private const ulong EvaluationStream = 1UL << 63;

    private readonly Queue<EvaluationGroup> _toStart = new();
    private readonly Dictionary<long, (EvaluationGroup Group, int Attempt)> _out = [];
    private readonly List<(double Reward, double Success)> _greedy = [];
    private readonly List<(double Reward, double Success)> _sampled = [];

    /// <param name="plan">What to ask.</param>
    /// <param name="firstNumber">The number of the first group.</param>
    public EvaluationRun(EvaluationPlan plan, long firstNumber)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        NextNumber = firstNumber;
        var each = (plan.Tasks + plan.Environments.Count - 1) / plan.Environments.Count;
        foreach (var temperature in (float[])[.. plan.Greedy ? [0f] : (float[])[], .. plan.Sampled ? [1f] : (float[])[]])
        {
            for (var environment = 0; environment < plan.Environments.Count; environment++)
            {
                for (var task = 0; task < each; task += GroupSize)
                {
                    var stream = EvaluationStream | ((ulong)environment << 48) | (ulong)(plan.FirstTask + task);
                    _toStart.Enqueue(new EvaluationGroup(NextNumber++, plan.Environments[environment], plan.FirstTask + task, Math.Min(GroupSize, each - task), temperature, stream));
                }
            }
        }
    }

    public EvaluationPlan Plan { get; }

    /// <summary>The first number that no group of this evaluation has.</summary>
    public long NextNumber { get; }

    public bool IsDone => _toStart.Count == 0 && _out.Count == 0;

    /// <summary>Episodes that are out.</summary>
    public int EpisodesOut => _out.Values.Sum(g => g.Group.Size);

    /// <summary>Episodes that failed: they count as reward 0 nowhere and are reported.</summary>
    public int Errors { get; private set; }

    /// <summary>The next group to start and its attempt; null when all are out.</summary>
    public (EvaluationGroup Group, int Attempt)? Start()
    {
        if (!_toStart.TryDequeue(out var group))
        {
            return null;
        }

        var started = (group, _out.TryGetValue(group.Number, out var before) ? before.Attempt + 1 : 1);
        _out[group.Number] = started;
        return started;
    }

    /// <summary>A group came back; false when it was not out.</summary>
    public bool Deliver(long number, int attempt, IReadOnlyList<(double? Reward, double? Success)> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        if (!_out.TryGetValue(number, out var started) || started.Attempt != attempt)
        {
            return false;
        }

        _out.Remove(number);
        foreach (var (reward, success) in episodes)
        {
            if (reward is { } value)
            {
                (started.Group.Temperature == 0 ? _greedy : _sampled).Add((value, success ?? (value >= 1 ? 1 : 0)));
            }
            else
            {
                Errors++;
            }
        }

        return true;
    }

    /// <summary>A group was lost: it is started again.</summary>
    public void Lose(long number, int attempt)
    {
        if (_out.TryGetValue(number, out var started) && started.Attempt == attempt)
        {
            _toStart.Enqueue(started.Group);
        }
    }

    /// <summary>The environment of a group that is out; null when it is not.</summary>
    public string? EnvironmentOf(long number) => _out.TryGetValue(number, out var started) ? started.Group.Environment.Environment : null;

    public EvaluationRecorded Result() => new(
        Plan.Label,
        Plan.Tasks,
        Mean(_greedy, e => e.Reward),
        Mean(_sampled, e => e.Reward),
        Mean(_greedy, e => e.Success),
        Mean(_sampled, e => e.Success));

    private static double? Mean(List<(double Reward, double Success)> episodes, Func<(double Reward, double Success), double> value) =>
        episodes.Count == 0 ? null : episodes.Average(value);
}
