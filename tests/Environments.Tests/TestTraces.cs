using Intellect3.Environments.Episodes;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Tests;

/// <summary>Episodes as a character-level policy would have them: one token a character, and one that ends the turn.</summary>
internal static class TestTraces
{
    public const int EndOfSequence = 0;

    public static PolicyTurn Turn(string text, bool ended = true)
    {
        int[] tokens = ended && !text.EndsWith('\n') ? [.. Tokens(text), EndOfSequence] : Tokens(text);
        return new PolicyTurn(text, tokens, [.. tokens.Select(t => -0.5f / (t + 1))], [new PolicySpan(0, 3, tokens.Length)], Truncated: !ended);
    }

    public static int[] Tokens(string text) => [.. text.Select(c => (int)c)];

    public static EpisodeDriver Start(Taskset taskset, TaskData task) => EpisodeDriver.Start(taskset.Limits, task, [.. task.Prompt.Select(m => Tokens(m.Content))]);

    public static Message? AfterTurn(this EpisodeDriver episode, Taskset taskset, TaskData task, PolicyTurn turn) =>
        episode.Take(turn) ? episode.Conclude(new LocalEnvironment(taskset).AfterTurn(task, episode.Trace, episode.MayReply)) : null;

    /// <summary>Plays an episode with these turns, as far as the environment lets it.</summary>
    public static Trace Play(Taskset taskset, TaskData task, params string[] turns) => Play(taskset, task, [.. turns.Select(text => Turn(text))]);

    public static Trace Play(Taskset taskset, TaskData task, params PolicyTurn[] turns)
    {
        var episode = Start(taskset, task);
        foreach (var turn in turns)
        {
            if (episode.AfterTurn(taskset, task, turn) is not { } reply)
            {
                break;
            }

            episode.AddReply(Tokens(reply.Content));
        }

        return episode.Trace;
    }

    public static async Task<Trace> PlayAndScore(Taskset taskset, TaskData task, params string[] turns)
    {
        var trace = Play(taskset, task, turns);
        await Scorer.For(taskset).ScoreAsync(task, trace, CancellationToken.None);
        return trace;
    }
}
