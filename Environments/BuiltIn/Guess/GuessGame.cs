using System.Globalization;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.BuiltIn.Guess;

/// <summary>A game of guessing as far as it has been played: the interval in which the secret must lie.</summary>
internal readonly record struct GuessGame(int Secret, int Low, int High, bool Found, bool Malformed)
{
    public const int Numbers = 64;

    public int Remaining => High - Low + 1;

    public static GuessGame New(int secret) => new(secret, 1, Numbers, Found: false, Malformed: false);

    /// <summary>Plays the turns of a trace.</summary>
    public static GuessGame Of(TaskData task, Trace trace) =>
        trace.LastBranch().Where(node => node.Sampled).Aggregate(New(int.Parse(task.Answer!, CultureInfo.InvariantCulture)), (game, node) => game.After(node.Message.Content));

    /// <summary>The game after a turn: one to three digits and a line break.</summary>
    public GuessGame After(string turn)
    {
        if (turn is not { Length: >= 2 and <= 4 } || turn[^1] != '\n' || turn[..^1].Any(c => !char.IsAsciiDigit(c)))
        {
            return this with { Malformed = true };
        }

        var guess = int.Parse(turn[..^1], CultureInfo.InvariantCulture);
        return guess == Secret ? this with { Found = true }
            : guess < Secret ? this with { Low = Math.Max(Low, guess + 1) }
            : this with { High = Math.Min(High, guess - 1) };
    }

    /// <summary>What the environment says to a guess that is not the secret: whether that is higher or lower.</summary>
    public string Hint(string turn) => int.Parse(turn[..^1], CultureInfo.InvariantCulture) < Secret ? "h\n" : "l\n";
}
