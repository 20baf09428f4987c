using Intellect3.Actors.Administration;

namespace Intellect3.Cluster.Host.Display;

/// <summary>A status as the rows of the live display, without the console.</summary>
internal static class StatusView
{
    private const int BarWidth = 40;

    /// <summary>Labels and texts, top to bottom.</summary>
    public static IReadOnlyList<(string Label, string Text)> Rows(RunStatus status)
    {
        var rows = new List<(string, string)> { ("stage", Words.Title(status.Stage)) };
        if (Words.HasSteps(status.Stage))
        {
            rows.Add(("step", $"{Bar(status)} {status.Step} of {status.Steps}"));
        }

        if (status.RewardHistory.Count > 0)
        {
            rows.Add(("reward", $"{Sparkline.Of(status.RewardHistory, BarWidth)} {status.RewardHistory[^1]:0.000}"));
        }

        if (status.EvaluationReward is { } evaluated)
        {
            rows.Add((status.Stage == RunStage.Warmup ? "last probe" : "last eval", $"{evaluated:0.000} sampled"));
        }

        rows.Add(("policy", $"version {status.Version}, staleness {status.Staleness:0.0}"));
        rows.Add(("tokens/s", $"{Words.Count(status.SampledTokensPerSecond)} sampled, {Words.Count(status.TrainedTokensPerSecond)} trained"));
        rows.Add(("queue", $"{status.GroupsInFlight} groups in flight, {status.GroupsWaiting} waiting for a batch"));
        rows.Add(("time", Words.Duration(status.Elapsed) + (status.Remaining is { } left ? $", about {Words.Duration(left)} left" : "")));
        if (status.Failure is { } failure)
        {
            rows.Add(("failure", failure));
        }

        return rows;
    }

    private static string Bar(RunStatus status)
    {
        var full = status.Steps == 0 ? BarWidth : (int)Math.Clamp((long)BarWidth * status.Step / status.Steps, 0, BarWidth);
        return new string('━', full) + new string('─', BarWidth - full);
    }
}
