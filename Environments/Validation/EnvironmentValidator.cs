using System.Globalization;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Hosting;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Validation;

/// <summary>
/// Two-sided validation on sample tasks. The reference answer (<see cref="Taskset.Solve"/>) must score 1 on every task; an empty answer, the prompt echoed, one answer for
/// all tasks and random characters must score at most 0.2 on average, each. Samples and random answers are the same each time.
/// </summary>
public static class EnvironmentValidator
{
    /// <summary>Tasks that are tried.</summary>
    public const int Samples = 32;

    /// <summary>The most that thoughtless answers may earn on average.</summary>
    public const double MostForNothing = 0.2;

    private const double Tolerance = 1e-6;
    private const int MostTurns = 64;

    /// <summary>Plays and scores the sample tasks with every kind of answer; stops at the first episode that fails.</summary>
    /// <param name="environment">Whose tasks they are.</param>
    /// <param name="cancellation">The deadline of all of it.</param>
    public static async Task<ValidationReport> ValidateAsync(IEnvironment environment, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var name = $"{environment.Key.Name} {environment.Key.Version}";
        List<(TaskData Task, IReadOnlyList<string> Solution)> samples;
        try
        {
            samples = await DrawAsync(environment, cancellation);
        }
        catch (EnvironmentException e)
        {
            return new ValidationReport(name, [], [e.Message]);
        }

        // An answer of one turn stands for the whole solution.
        var answers = samples.ConvertAll(sample => sample.Solution[^1]);
        var alphabet = string.Concat(answers.SelectMany(answer => answer).Distinct().Order());
        var random = new TaskRandom("validation");
        var probes = new List<Probe>
        {
            await ProbeAsync("reference", i => samples[i].Solution),
        };
        if (probes[0].Error is not null)
        {
            return Report();
        }

        probes.AddRange([
            await ProbeAsync("empty", _ => [""]),
            await ProbeAsync("echo", i => [samples[i].Task.Prompt[^1].Content]),
            await ProbeAsync("constant", _ => [answers[0]]),
            await ProbeAsync("random", i => [random.Text(Math.Max(1, answers[i].Length), alphabet)]),
        ]);
        return Report();

        ValidationReport Report() => new(name, probes, [.. probes.Select(Problem).OfType<string>()]);

        async Task<Probe> ProbeAsync(string answer, Func<int, IReadOnlyList<string>> turns)
        {
            var traces = new List<Trace>();
            for (var i = 0; i < samples.Count && traces.TrueForAll(trace => trace.Ok); i++)
            {
                traces.Add(await PlayAsync(environment, samples[i].Task, turns(i), cancellation));
            }

            var rewards = traces.Select(trace => trace.Reward).OfType<double>().ToList();
            var error = traces.SelectMany(trace => trace.Errors).FirstOrDefault();
            return new Probe(
                answer, rewards.Count > 0 ? rewards.Average() : null, rewards.Count > 0 ? rewards.Min() : null, traces.Count, error is null ? null : $"{error.Source}: {error.Message}");
        }
    }

    /// <summary>Plays an episode in which the policy says these turns, the last one again and again if there are too few, and scores it.</summary>
    public static async Task<Trace> PlayAsync(IEnvironment environment, TaskData task, IReadOnlyList<string> turns, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(turns);

        // What the tokens are does not matter here: one stands for every message.
        int[] token = [0];
        var episode = EpisodeDriver.Start(environment.Limits with { MaxTokens = int.MaxValue }, task, [.. task.Prompt.Select(_ => token)]);
        for (var turn = 0; !episode.IsOver && turn < MostTurns; turn++)
        {
            if (episode.Take(new PolicyTurn(turns[Math.Min(turn, turns.Count - 1)], token, [0f], [new PolicySpan(0, 0, 1)], Truncated: false))
                && episode.Conclude(await environment.AfterTurnAsync(task, episode.Trace, episode.MayReply, cancellation)) is not null)
            {
                episode.AddReply(token);
            }
        }

        if (episode.Trace.Ok)
        {
            episode.Trace.StopCondition ??= StopConditions.MaxTurns;
            await environment.ScoreAsync(task, episode.Trace, cancellation);
        }

        return episode.Trace;
    }

    private static async Task<List<(TaskData Task, IReadOnlyList<string> Solution)>> DrawAsync(IEnvironment environment, CancellationToken cancellation)
    {
        var samples = new List<(TaskData, IReadOnlyList<string>)>();
        for (var index = 0; index < Samples; index++)
        {
            var task = await environment.GetTaskAsync(index % 2 == 0 ? TaskSplit.Train : TaskSplit.HeldOut, index / 2, cancellation);
            var again = await environment.GetTaskAsync(index % 2 == 0 ? TaskSplit.Train : TaskSplit.HeldOut, index / 2, cancellation);
            if (EnvironmentContract.Write(task) != EnvironmentContract.Write(again))
            {
                throw Wrong(nameof(Taskset.GetTask), $"task {task.Key} is another one when asked again; a task is a function of split and index alone.");
            }

            if (task.Prompt.Count == 0)
            {
                throw Wrong(nameof(Taskset.GetTask), $"task {task.Key} has no prompt.");
            }

            samples.Add((task, await environment.SolveAsync(task, cancellation) is { Count: > 0 } solution
                ? solution
                : throw Wrong(nameof(Taskset.Solve), $"task {task.Key} has no reference answer: set TaskData.Answer, or override Solve.")));
        }

        return samples;
    }

    private static EnvironmentException Wrong(string source, string message) => new(new TraceError(Boundary.Environment, source, message));

    private static string? Problem(Probe probe) =>
        probe.Error is not null ? $"an episode with the {probe.Answer} answer failed: {probe.Error}"
        : probe.Mean is not { } mean || probe.Lowest is not { } lowest ? $"no episode with the {probe.Answer} answer has a reward"
        : probe.Answer == "reference" ? (Math.Abs(mean - 1) > Tolerance || lowest < 1 - Tolerance ? Say("the reference answer must score 1 on every task; it scores", lowest) : null)
        : mean > MostForNothing ? Say($"the {probe.Answer} answer may score {MostForNothing} on average; it scores", mean)
        : null;

    private static string Say(string what, double value) => string.Create(CultureInfo.InvariantCulture, $"{what} {value:0.###}");
}
