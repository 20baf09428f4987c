using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Arithmetic;

public sealed class AdditionTaskset : Taskset
{
    public override string Name => "addition";

    public override int? HeldOutCount => 500;

    public override EpisodeLimits Limits { get; } = new(MaxTurns: 1, MaxTokens: 6, StopSequences: []);

    public override TaskData GetTask(TaskSplit split, long index) => TaskDraw.At(this, split, index, random =>
    {
        var (a, b) = (random.Below(1000), random.Below(1000));
        return ($"{a}+{b}=", $"{a + b}");
    });

    [Reward]
    public static double Correct(TaskData task, Trace trace) => trace.Completion == task.Answer ? 1 : 0;

    [Metric]
    public static double Digits(Trace trace) => trace.Completion.Length;
}
