using System.Globalization;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.BuiltIn.Guess;

/// <summary>
/// Guess a number from 1 to 64 in eight turns. The policy says <c>NN\n</c>, the environment <c>h\n</c> (the secret is higher) or <c>l\n</c> (lower). There are only 64 secrets, so
/// none is held out; every 64 consecutive indices hold each secret once.
/// </summary>
public sealed class GuessTaskset : Taskset
{
    private const int Turns = 8;
    private const double ShapedReward = 0.7;
    private const double HugsEdge = 0.4;

    public override string Name => "guess";

    public override int? HeldOutCount => null;

    public override EpisodeLimits Limits { get; } = new(Turns, MaxTokens: 48, StopSequences: ["\n"]);

    public override TaskData GetTask(TaskSplit split, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        index %= GuessGame.Numbers;

        // An odd factor permutes the numbers modulo 64.
        var secret = 1 + (37 * index + 11) % GuessGame.Numbers;
        return new TaskData { Key = TaskData.KeyOf(split, index), Prompt = [Message.User("?")], Answer = $"{secret:00}" };
    }

    public override Message Respond(TaskData task, Trace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return Message.User(GuessGame.Of(task, trace).Hint(trace.Nodes[^1].Message.Content));
    }

    public override IReadOnlyList<string> Solve(TaskData task) => [task.Answer + "\n"];

    /// <summary>A timid player: uniform in the feasible interval, but often at or near one of its edges.</summary>
    public override IReadOnlyList<Message> Demonstrate(TaskData task, ulong seed)
    {
        var random = new TaskRandom("guess teacher", seed, TaskRandom.Hash(task.Key));
        var game = GuessGame.New(int.Parse(task.Answer!, CultureInfo.InvariantCulture));
        var messages = new List<Message>();
        for (var turn = 1; ; turn++)
        {
            var guess = $"{Choose(game, random):00}\n";
            messages.Add(Message.Assistant(guess));
            game = game.After(guess);
            if (game.Found || turn == Turns)
            {
                return messages;
            }

            messages.Add(Message.User(game.Hint(guess)));
        }
    }

    /// <summary>1 when found, 0 when malformed, else up to 0.7 by how far the interval was narrowed: 0.7 x (1 - ln(remaining) / ln 64).</summary>
    [Reward]
    public static double Narrowing(TaskData task, Trace trace)
    {
        var game = GuessGame.Of(task, trace);
        return game.Malformed ? 0 : game.Found ? 1 : ShapedReward * (1 - Math.Log(game.Remaining) / Math.Log(GuessGame.Numbers));
    }

    /// <summary>1 when found.</summary>
    [Metric]
    public static double Success(TaskData task, Trace trace) => Found(task, trace) ? 1 : 0;

    /// <summary>The secret was said.</summary>
    [Stop]
    public static bool Found(TaskData task, Trace trace) => GuessGame.Of(task, trace) is { Found: true, Malformed: false };

    /// <summary>A turn was no number.</summary>
    [Stop]
    public static bool Malformed(TaskData task, Trace trace) => GuessGame.Of(task, trace).Malformed;

    private static int Choose(GuessGame game, TaskRandom random)
    {
        if (!random.Chance(HugsEdge))
        {
            return random.Between(game.Low, game.High);
        }

        var offset = random.Below(3);
        return random.Chance(0.5) ? Math.Min(game.Low + offset, game.High) : Math.Max(game.High - offset, game.Low);
    }
}
