using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Clock;

/// <summary>Which time it is some minutes after another: <c>+48 07:35=</c> is answered with <c>08:23</c>.</summary>
public sealed class ClockTaskset : Taskset
{
    public override string Name => "clock";

    public override int? HeldOutCount => 500;

    public override EpisodeLimits Limits { get; } = new(MaxTurns: 1, MaxTokens: 8, StopSequences: []);

    public override TaskData GetTask(TaskSplit split, long index) => TaskDraw.At(this, split, index, random =>
    {
        var (start, minutes) = (random.Below(24 * 60), random.Between(1, 59));
        return ($"+{minutes:00} {Time(start)}=", Time(start + minutes));
    });

    /// <summary>How much of the answer is right before its first mistake.</summary>
    [Reward]
    public static double Prefix(TaskData task, Trace trace) =>
        (double)task.Answer.AsSpan().CommonPrefixLength(trace.Completion) / Math.Max(task.Answer!.Length, trace.Completion.Length);

    private static string Time(int minutes) => $"{minutes / 60 % 24:00}:{minutes % 60:00}";
}
