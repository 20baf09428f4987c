using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Episodes;

/// <summary>A task set that runs here, on its caller's thread.</summary>
public sealed class LocalEnvironment : IEnvironment
{
    private readonly Taskset _taskset;
    private readonly Scorer _scorer;

    /// <exception cref="TasksetException">A marked method of the task set cannot be called.</exception>
    public LocalEnvironment(Taskset taskset)
    {
        ArgumentNullException.ThrowIfNull(taskset);
        _taskset = taskset;
        _scorer = Scorer.For(taskset);
        Key = new EnvironmentKey(taskset.Name, taskset.Version, EnvironmentKey.BuiltIn);
        Limits = taskset.Limits;
    }

    public EnvironmentKey Key { get; }

    public EpisodeLimits Limits { get; }

    public bool IsIsolated => false;

    public ValueTask<TaskData> GetTaskAsync(TaskSplit split, long index, CancellationToken cancellation) => Call(nameof(Taskset.GetTask), () => _taskset.GetTask(split, index));

    public ValueTask<TurnOutcome> AfterTurnAsync(TaskData task, Trace trace, bool mayReply, CancellationToken cancellation) => new(AfterTurn(task, trace, mayReply));

    public async ValueTask ScoreAsync(TaskData task, Trace trace, CancellationToken cancellation) => await _scorer.ScoreAsync(task, trace, cancellation);

    public ValueTask<IReadOnlyList<string>?> SolveAsync(TaskData task, CancellationToken cancellation) => Call(nameof(Taskset.Solve), () => _taskset.Solve(task));

    /// <summary><see cref="AfterTurnAsync"/> for callers that have a thread to spare.</summary>
    public TurnOutcome AfterTurn(TaskData task, Trace trace, bool mayReply)
    {
        var (stop, error) = _scorer.EvaluateStop(task, trace);
        if (stop is not null || error is not null || !mayReply)
        {
            return new TurnOutcome(stop, null, error);
        }

        try
        {
            return new TurnOutcome(null, _taskset.Respond(task, trace), null);
        }
        catch (Exception e)
        {
            return TurnOutcome.Failed(TraceError.From(Boundary.Environment, nameof(Taskset.Respond), e));
        }
    }

    private static ValueTask<T> Call<T>(string source, Func<T> call)
    {
        try
        {
            return ValueTask.FromResult(call());
        }
        catch (Exception e)
        {
            return ValueTask.FromException<T>(new EnvironmentException(TraceError.From(Boundary.Environment, source, e), e));
        }
    }
}
