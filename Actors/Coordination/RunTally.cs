using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Coordination;

/// <summary>Counts what passes by, for status, metrics and summary. Decides nothing.</summary>
public sealed class RunTally(TimeProvider time)
{
    private const int LongestHistory = 60;
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(5);

    private readonly long _started = time.GetTimestamp();
    private readonly Queue<(long At, int Tokens)> _sampled = new();
    private readonly Queue<(long At, long Tokens)> _trained = new();
    private readonly List<double> _history = [];
    private readonly List<RolloutSummary> _sinceLastBatch = [];
    private readonly Dictionary<string, double> _seconds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _busy = new(StringComparer.Ordinal);

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public long SampledTokens { get; private set; }

    public long TrainedTokens { get; private set; }

    public IReadOnlyList<double> RewardHistory => _history;

    /// <summary>Mean staleness of the last batch, in versions.</summary>
    public double Staleness { get; private set; }

    /// <summary>The largest of the steps' mean mismatches.</summary>
    public double LargestMismatch { get; private set; }

    private double MismatchSum { get; set; }

    private int MismatchSteps { get; set; }

    public double MeanMismatch => MismatchSteps == 0 ? 0 : MismatchSum / MismatchSteps;

    /// <summary>Seconds spent in each named stage.</summary>
    public IReadOnlyDictionary<string, double> Seconds => _seconds;

    /// <summary>Seconds that each device of this process was at work during reinforcement learning.</summary>
    public IReadOnlyDictionary<string, double> BusySeconds => _busy;

    public double SampledPerSecond => Rate(_sampled.Select(s => (s.At, (long)s.Tokens)));

    public double TrainedPerSecond => Rate(_trained);

    public void AddSeconds(string stage, double seconds) => _seconds[stage] = _seconds.GetValueOrDefault(stage) + seconds;

    /// <summary>Adds what the devices worked from one reading of their totals to the next.</summary>
    public void AddBusy(IReadOnlyDictionary<string, TimeSpan> before, IReadOnlyDictionary<string, TimeSpan> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        foreach (var (device, busy) in after)
        {
            _busy[device] = _busy.GetValueOrDefault(device) + (busy - before.GetValueOrDefault(device)).TotalSeconds;
        }
    }

    public void Delivered(GroupPurpose purpose, IReadOnlyList<RolloutSummary> rollouts)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        var tokens = rollouts.Sum(r => r.SampledTokens);
        SampledTokens += tokens;
        _sampled.Enqueue((time.GetTimestamp(), tokens));
        if (purpose == GroupPurpose.Training)
        {
            _sinceLastBatch.AddRange(rollouts);
        }
    }

    public void StepTrained(IReadOnlyDictionary<string, double> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var tokens = (long)metrics.GetValueOrDefault("tokens/trained");
        TrainedTokens += tokens;
        _trained.Enqueue((time.GetTimestamp(), tokens));
        if (metrics.TryGetValue("mismatch_kl/all", out var mismatch))
        {
            MismatchSum += mismatch;
            MismatchSteps++;
            LargestMismatch = Math.Max(LargestMismatch, mismatch);
        }
    }

    /// <summary>Figures of the groups that arrived since the last batch, whatever became of them, by prime-rl's names; then counts anew.</summary>
    public Dictionary<string, double> BatchCut(int step)
    {
        var good = _sinceLastBatch.Where(r => r.Reward is not null).ToList();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        if (good.Count > 0)
        {
            var lags = good.Select(r => (double)(step - 1 - r.OldestVersion)).ToList();
            metrics["reward/all/mean"] = good.Average(r => r.Reward!.Value);
            metrics["off_policy/mean"] = Staleness = lags.Average();
            metrics["off_policy/max"] = lags.Max();
            metrics["seq_len/all/mean"] = good.Average(r => r.TotalTokens);
            metrics["num_turns/all/mean"] = good.Average(r => r.Turns);
            if (good.Exists(r => r.Success is not null))
            {
                metrics["success/all/mean"] = good.Average(r => r.Success ?? 0);
            }

            _history.Add(metrics["reward/all/mean"]);
            if (_history.Count > LongestHistory)
            {
                _history.RemoveAt(0);
            }
        }

        metrics["dispatcher/errored"] = _sinceLastBatch.Count - good.Count;
        metrics["rollouts"] = _sinceLastBatch.Count;
        _sinceLastBatch.Clear();
        return metrics;
    }

    /// <summary>Forgets what no rate needs any more.</summary>
    public void Trim()
    {
        while (_sampled.TryPeek(out var sampled) && time.GetElapsedTime(sampled.At) > RateWindow)
        {
            _sampled.Dequeue();
        }

        while (_trained.TryPeek(out var trained) && time.GetElapsedTime(trained.At) > RateWindow)
        {
            _trained.Dequeue();
        }
    }

    private double Rate(IEnumerable<(long At, long Tokens)> entries)
    {
        var recent = entries.Where(e => time.GetElapsedTime(e.At) <= RateWindow).ToList();
        return recent.Sum(e => e.Tokens) / Math.Min(RateWindow.TotalSeconds, Math.Max(1, Elapsed.TotalSeconds));
    }
}
