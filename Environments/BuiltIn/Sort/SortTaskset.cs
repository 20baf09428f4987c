using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.BuiltIn.Sort;

/// <summary>Ten digits in ascending order: <c>3141592653=</c> is answered with <c>1123345569</c>.</summary>
public sealed class SortTaskset : Taskset
{
    private const int Digits = 10;

    public override string Name => "sort";

    public override int? HeldOutCount => 1024;

    public override EpisodeLimits Limits { get; } = new(MaxTurns: 1, MaxTokens: 16, StopSequences: []);

    public override TaskData GetTask(TaskSplit split, long index) => TaskDraw.At(this, split, index, random =>
    {
        var digits = random.Text(Digits, "0123456789");
        return (digits + "=", string.Concat(digits.Order()));
    });

    public override IReadOnlyList<Message> Demonstrate(TaskData task, ulong seed) => [Message.Assistant(task.Answer!)];

    /// <summary>The share of positions that hold the right digit; 0 unless the answer has exactly ten characters.</summary>
    [Reward]
    public static double Positions(TaskData task, Trace trace) =>
        SingleTurn.Answer(trace) is { Length: Digits } answer ? answer.Zip(task.Answer!).Count(pair => pair.First == pair.Second) / (double)Digits : 0;

    /// <summary>1 when exactly solved.</summary>
    [Metric]
    public static double Success(TaskData task, Trace trace) => SingleTurn.IsExact(task, trace) ? 1 : 0;
}
