using Intellect3.Actors.Administration;

namespace Intellect3.Cluster.Host.Display;

/// <summary>Numbers and stages as people read them.</summary>
internal static class Words
{
    /// <summary>The stage as a word that scripts look for.</summary>
    public static string Key(RunStage stage) => stage switch
    {
        RunStage.Starting => "start",
        RunStage.Warmup => "warmup",
        RunStage.EvaluateBefore => "eval-before",
        RunStage.Reinforcement => "rl",
        RunStage.EvaluateAfter => "eval-after",
        RunStage.Finished => "finished",
        RunStage.Stopped => "stopped",
        _ => "failed",
    };

    /// <summary>The stage in words.</summary>
    public static string Title(RunStage stage) => stage switch
    {
        RunStage.Starting => "starting",
        RunStage.Warmup => "supervised warm-up",
        RunStage.EvaluateBefore => "evaluating before reinforcement learning",
        RunStage.Reinforcement => "reinforcement learning",
        RunStage.EvaluateAfter => "evaluating the result",
        RunStage.Finished => "finished",
        RunStage.Stopped => "stopped",
        _ => "failed",
    };

    /// <summary>True for the stages that consist of optimizer steps.</summary>
    public static bool HasSteps(RunStage stage) => stage is RunStage.Warmup or RunStage.Reinforcement;

    /// <summary><c>0:07</c>, <c>12:34</c>, <c>1:02:03</c>.</summary>
    public static string Duration(TimeSpan time) => time < TimeSpan.FromHours(1) ? $"{(int)time.TotalMinutes}:{time.Seconds:00}" : $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}";

    /// <summary>Three digits and a unit: <c>812</c>, <c>5.21k</c>, <c>45.2k</c>, <c>1.2M</c>.</summary>
    public static string Count(double count) => count switch
    {
        >= 999_500_000 => $"{Digits(count / 1e9)}G",
        >= 999_500 => $"{Digits(count / 1e6)}M",
        >= 999.5 => $"{Digits(count / 1e3)}k",
        _ => $"{count:0}",
    };

    /// <summary><c>1 thread</c>, <c>2 threads</c>.</summary>
    public static string Plural(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Digits(double value) => value switch
    {
        >= 99.95 => $"{value:0}",
        >= 9.995 => $"{value:0.0}",
        _ => $"{value:0.00}",
    };
}
