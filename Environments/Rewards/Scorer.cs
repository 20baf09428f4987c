using System.Runtime.CompilerServices;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Rewards;

/// <summary>
/// Runs the marked methods of one task set. A method's name in a trace is its C# name in snake case, without <c>Async</c> at its end. What fails is recorded on
/// the trace; nothing that a task set does is thrown at the caller.
/// </summary>
/// <remarks>Immutable and thread-safe. A synchronous method runs on the caller's thread and cannot be interrupted.</remarks>
public sealed class Scorer
{
    private static readonly ConditionalWeakTable<Taskset, Scorer> Cache = [];

    private readonly IReadOnlyList<MarkedMethod<MetricAttribute, ScoreMethod>> _metrics;
    private readonly IReadOnlyList<MarkedMethod<RewardAttribute, ScoreMethod>> _rewards;
    private readonly IReadOnlyList<MarkedMethod<StopAttribute, StopMethod>> _stops;

    private Scorer(Taskset taskset)
    {
        _metrics = MarkedMethod<MetricAttribute, ScoreMethod>.Of(taskset, _ => 0);
        _rewards = MarkedMethod<RewardAttribute, ScoreMethod>.Of(taskset, reward => reward.Priority);
        _stops = MarkedMethod<StopAttribute, StopMethod>.Of(taskset, stop => stop.Priority);

        var type = taskset.GetType().Name;
        var names = _metrics.Select(m => m.Name).Concat(_rewards.Select(r => r.Name)).Concat(_stops.Select(s => s.Name));
        if (names.CountBy(name => name).FirstOrDefault(count => count.Value > 1).Key is { } twice)
        {
            throw new TasksetException($"{type} has more than one mark on the name '{twice}'. Each marked method carries one mark and has a name of its own.");
        }

        if (_stops.FirstOrDefault(stop => StopConditions.All.Contains(stop.Name)) is { } reserved)
        {
            throw new TasksetException($"{type} has a stop method '{reserved.Name}', a name that already has a meaning ({string.Join(", ", StopConditions.All)}). Give it another.");
        }

        if (_rewards.FirstOrDefault(reward => !double.IsFinite(reward.Mark.Weight)) is { } weightless)
        {
            throw new TasksetException($"{type} weighs the reward '{weightless.Name}' with {weightless.Mark.Weight}. A weight is a finite number.");
        }
    }

    /// <summary>The names of the rewards, in the order in which they run.</summary>
    public IReadOnlyList<string> Rewards => [.. _rewards.Select(reward => reward.Name)];

    /// <summary>The names of the metrics.</summary>
    public IReadOnlyList<string> Metrics => [.. _metrics.Select(metric => metric.Name)];

    /// <summary>The names of the stop methods, in the order in which they are asked.</summary>
    public IReadOnlyList<string> Stops => [.. _stops.Select(stop => stop.Name)];

    /// <summary>The scorer of a task set, made once an instance.</summary>
    /// <exception cref="TasksetException">A marked method cannot be called; the message says which and what is allowed.</exception>
    public static Scorer For(Taskset taskset) => Cache.GetValue(taskset, static t => new Scorer(t));

    /// <summary>
    /// Declares all rewards, then runs metrics and after them rewards, which may read the metrics. The first method that throws, returns a number that is not finite,
    /// or is not done when <paramref name="cancellationToken"/> fires fails the trace, and the rest stays unscored. A trace that has failed already is not scored.
    /// </summary>
    /// <param name="task">The task of the episode.</param>
    /// <param name="trace">The finished trace; nobody else may touch it until the result is there.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public async Task ScoreAsync(TaskData task, Trace trace, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var reward in _rewards)
        {
            trace.DeclareReward(reward.Name);
        }

        foreach (var metric in _metrics)
        {
            if (await RunAsync(metric.Name, metric.Invoke, task, trace, cancellationToken) is not { } value)
            {
                return;
            }

            trace.RecordMetric(metric.Name, value);
        }

        foreach (var reward in _rewards)
        {
            if (await RunAsync(reward.Name, reward.Invoke, task, trace, cancellationToken) is not { } score)
            {
                return;
            }

            trace.RecordReward(reward.Name, score, reward.Mark.Weight);
        }
    }

    /// <summary>The name of the first stop method that says true; both null when none does. One that throws is an error, and no further one is asked.</summary>
    public (string? Stop, TraceError? Error) EvaluateStop(TaskData task, Trace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var stop in _stops)
        {
            try
            {
                if (stop.Invoke(task, trace, CancellationToken.None))
                {
                    return (stop.Name, null);
                }
            }
            catch (Exception e)
            {
                return (null, TraceError.From(Boundary.Environment, stop.Name, e));
            }
        }

        return (null, null);
    }

    // Null when the trace has failed, before or by this method.
    private static async ValueTask<double?> RunAsync(string name, ScoreMethod method, TaskData task, Trace trace, CancellationToken cancellationToken)
    {
        if (!trace.Ok)
        {
            return null;
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var score = await method(task, trace, cancellationToken).AsTask().WaitAsync(cancellationToken);
            if (double.IsFinite(score))
            {
                return score;
            }

            trace.Fail(new TraceError(Boundary.Verifier, name, $"It returned {score}, which is not a finite number."));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            trace.Fail(new TraceError(Boundary.Verifier, name, "It was not done before the deadline of the scoring."));
        }
        catch (Exception e)
        {
            trace.Fail(TraceError.From(Boundary.Verifier, name, e));
        }

        return null;
    }
}
