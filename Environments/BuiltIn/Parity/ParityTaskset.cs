using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.BuiltIn.Parity;

/// <summary>
/// Parity of 12 bits by writing it down: <c>101100101101=</c> is answered with the running parity, a bar and the last bit, <c>110111001001|1</c>. All 4096 prompts are
/// listed in an order that looks random; the first of them are held out.
/// </summary>
public sealed class ParityTaskset : Taskset
{
    private const int Bits = 12;
    private const int HeldOut = 512;

    private static readonly string[] Prompts =
    [
        .. Enumerable.Range(0, 1 << Bits).Select(bits => bits.ToString($"B{Bits}", provider: null) + "=").OrderBy(TaskRandom.Hash),
    ];

    public override string Name => "parity";

    public override int? HeldOutCount => HeldOut;

    public override EpisodeLimits Limits { get; } = new(MaxTurns: 1, MaxTokens: 18, StopSequences: []);

    public override TaskData GetTask(TaskSplit split, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var (first, count) = split == TaskSplit.HeldOut ? (0, HeldOut) : (HeldOut, Prompts.Length - HeldOut);
        index %= count;
        var prompt = Prompts[first + index];
        return new TaskData { Key = TaskData.KeyOf(split, index), Prompt = [Message.User(prompt)], Answer = WorkedAnswer(prompt[..Bits]) };
    }

    public override IReadOnlyList<Message> Demonstrate(TaskData task, ulong seed) => [Message.Assistant(task.Answer!)];

    /// <summary>1 when the whole answer is right, the way to it included.</summary>
    [Reward]
    public static double Exact(TaskData task, Trace trace) => SingleTurn.IsExact(task, trace) ? 1 : 0;

    /// <summary>1 when exactly solved.</summary>
    [Metric]
    public static double Success(TaskData task, Trace trace) => Exact(task, trace);

    private static string WorkedAnswer(string bits)
    {
        var parity = 0;
        var running = string.Concat(bits.Select(bit => parity ^= bit - '0'));
        return $"{running}|{parity}";
    }
}
