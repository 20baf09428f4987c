using Intellect3.Actors.Administration;

namespace Intellect3.Cluster.Host.Display;

/// <summary>
/// Progress as plain lines: one a step of reinforcement learning, one a few seconds of warm-up, one a change of stage. A line is words in pairs, name and value, in a fixed order:
/// <c>0:42 rl step 14/100 reward 0.532 version 1.13 staleness 0.8 sampled/s 5.21k trained/s 3.10k in-flight 24 waiting 3 left 0:31</c>.
/// </summary>
internal sealed class PlainLines
{
    private static readonly TimeSpan WarmupEvery = TimeSpan.FromSeconds(2);

    private RunStage? _stage;
    private int _step;
    private TimeSpan _at;

    /// <summary>The line for a status, or null when it says nothing new.</summary>
    public string? Next(RunStatus status)
    {
        var isNews = status.Stage != _stage
            || (status.Step != _step && (status.Stage != RunStage.Warmup || status.Elapsed - _at >= WarmupEvery || status.Step == status.Steps));
        if (!isNews)
        {
            return null;
        }

        (_stage, _step, _at) = (status.Stage, status.Step, status.Elapsed);
        return Line(status);
    }

    private static string Line(RunStatus status)
    {
        var words = $"{Words.Duration(status.Elapsed)} {Words.Key(status.Stage)}";
        if (status.Failure is { } failure)
        {
            return $"{words} {failure}";
        }

        if (!Words.HasSteps(status.Stage))
        {
            return words + Optional("eval", status.EvaluationReward);
        }

        words += $" step {status.Step}/{status.Steps}";
        words += status.Stage == RunStage.Warmup
            ? Optional("probe", status.EvaluationReward)
            : $"{Optional("reward", status.RewardHistory.Count > 0 ? status.RewardHistory[^1] : null)} version {status.Version} staleness {status.Staleness:0.0}"
                + $" sampled/s {Words.Count(status.SampledTokensPerSecond)} trained/s {Words.Count(status.TrainedTokensPerSecond)}"
                + $" in-flight {status.GroupsInFlight} waiting {status.GroupsWaiting}{Optional("eval", status.EvaluationReward)}";
        return words + (status.Remaining is { } left ? $" left {Words.Duration(left)}" : "");
    }

    private static string Optional(string name, double? value) => value is { } number ? $" {name} {number:0.000}" : "";
}
