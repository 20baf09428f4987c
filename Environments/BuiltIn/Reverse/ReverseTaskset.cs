using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Environments.Verifiers.Text;

namespace Intellect3.Environments.BuiltIn.Reverse;

/// <summary>
/// A text of 12 to 24 letters backwards, in tags: <c>abc...=</c> is answered with <c>&lt;r&gt;...cba&lt;/r&gt;</c>. The teacher often closes the tag too early, which leaves
/// something to learn: answers grow longer.
/// </summary>
public sealed class ReverseTaskset : Taskset
{
    private const string Open = "<r>";
    private const string Close = "</r>";
    private const double EarlyClose = 0.1;

    public override string Name => "reverse";

    public override int? HeldOutCount => 1024;

    public override EpisodeLimits Limits { get; } = new(MaxTurns: 1, MaxTokens: 40, StopSequences: []);

    public override TaskData GetTask(TaskSplit split, long index) => TaskDraw.At(this, split, index, random =>
    {
        var letters = random.Text(random.Between(12, 24), "abcdefghijklmnopqrstuvwxyz");
        return (letters + "=", Open + string.Concat(letters.Reverse()) + Close);
    });

    public override IReadOnlyList<Message> Demonstrate(TaskData task, ulong seed)
    {
        var random = new TaskRandom("reverse teacher", seed, TaskRandom.Hash(task.Key));
        var letters = Inner(task.Answer!)!;
        var length = 1;
        while (length < letters.Length && !random.Chance(EarlyClose))
        {
            length++;
        }

        return [Message.Assistant(Open + letters[..length] + Close)];
    }

    /// <summary>How like the reversed text the text in the tags is; 0 unless the answer is one pair of tags and what is in it.</summary>
    [Reward]
    public static double Similarity(TaskData task, Trace trace) =>
        SingleTurn.Answer(trace) is { } answer && Inner(answer) is { } text ? SequenceMatcher.OfText(text, Inner(task.Answer!)!, autojunk: false).Ratio : 0;

    /// <summary>1 when exactly solved.</summary>
    [Metric]
    public static double Success(TaskData task, Trace trace) => SingleTurn.IsExact(task, trace) ? 1 : 0;

    private static string? Inner(string answer) =>
        answer.Length >= Open.Length + Close.Length && answer.StartsWith(Open, StringComparison.Ordinal) && answer.EndsWith(Close, StringComparison.Ordinal)
            ? answer[Open.Length..^Close.Length]
            : null;
}
