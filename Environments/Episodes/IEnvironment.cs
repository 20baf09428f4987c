using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Episodes;

/// <summary>An environment as episodes use it, wherever its code runs.</summary>
/// <remarks>Thread-safe. What is built in answers before its call returns; a child process answers later.</remarks>
public interface IEnvironment
{
    EnvironmentKey Key { get; }

    EpisodeLimits Limits { get; }

    /// <summary>True when another process does the work and its calls are bounded there: they need no thread here, and cannot hang one.</summary>
    bool IsIsolated { get; }

    /// <summary>The task at an index.</summary>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    ValueTask<TaskData> GetTaskAsync(TaskSplit split, long index, CancellationToken cancellation);

    /// <summary>What follows the turn of the policy that ends the trace. What the environment does wrong is in the outcome.</summary>
    /// <param name="task">The task of the episode.</param>
    /// <param name="trace">The episode so far; nobody changes it until the answer is there.</param>
    /// <param name="mayReply">False when a limit ends the episode after this turn: only stop methods are asked.</param>
    /// <param name="cancellation">Gives the call up.</param>
    ValueTask<TurnOutcome> AfterTurnAsync(TaskData task, Trace trace, bool mayReply, CancellationToken cancellation);

    /// <summary>Writes metrics and rewards, or an error, into a finished trace, which belongs to the call until it returns.</summary>
    /// <param name="task">The task of the episode.</param>
    /// <param name="trace">The finished trace.</param>
    /// <param name="cancellation">The deadline.</param>
    ValueTask ScoreAsync(TaskData task, Trace trace, CancellationToken cancellation);

    /// <summary>The turns of a policy that solves the task, as <see cref="Taskset.Solve"/> tells them; null where it tells none.</summary>
    /// <exception cref="EnvironmentException">The environment failed.</exception>
    ValueTask<IReadOnlyList<string>?> SolveAsync(TaskData task, CancellationToken cancellation);
}
