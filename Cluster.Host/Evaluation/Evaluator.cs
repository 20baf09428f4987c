using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Cluster.Host.Evaluation;

/// <summary>Measures a model on held-out tasks.</summary>
internal static class Evaluator
{
    private static readonly TimeSpan ScoreTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Plays <paramref name="k"/> attempts at each of the first <paramref name="n"/> held-out tasks and scores them.</summary>
    /// <param name="taskset">The environment.</param>
    /// <param name="play">Plays episodes on a thread of its own and returns their traces in the same order.</param>
    /// <param name="n">Tasks, at least 1.</param>
    /// <param name="k">Attempts, at least 1.</param>
    /// <param name="stop">Gives it up.</param>
    public static async Task<EvaluationReport> RunAsync(Taskset taskset, Func<IReadOnlyList<Episode>, Task<IReadOnlyList<Trace>>> play, int n, int k, CancellationToken stop)
    {
        var episodes = Enumerable.Range(0, n)
            .Select(index => (Index: index, Task: taskset.GetTask(TaskSplit.HeldOut, index)))
            .SelectMany(task => Enumerable.Range(0, k).Select(rollout => new Episode(task.Task, (ulong)task.Index, rollout)))
            .ToList();
        var traces = await play(episodes);
        foreach (var (episode, trace) in episodes.Zip(traces))
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
            deadline.CancelAfter(ScoreTimeout);
            await Scorer.For(taskset).ScoreAsync(episode.Task, trace, deadline.Token);
            stop.ThrowIfCancellationRequested();
        }

        // A task's attempts lie side by side.
        double[][] rewards = [.. traces.Chunk(k).Select(attempts => attempts.Select(trace => trace.Reward).OfType<double>().ToArray())];
        var all = rewards.SelectMany(task => task).ToList();
        return new EvaluationReport(taskset.Name, n, k, all.Count > 0 ? all.Average() : null, PassRate.Mean(rewards, k), traces.Count - all.Count);
    }
}
