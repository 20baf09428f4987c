using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Tasks;

/// <summary>
/// A set of tasks and how they behave: the one class an environment's author writes. Methods marked with
/// <see cref="Rewards.RewardAttribute"/>, <see cref="Rewards.MetricAttribute"/> and <see cref="Rewards.StopAttribute"/> are found by reflection.
/// </summary>
/// <remarks>An instance is shared by every episode of a node and called from many threads: keep no state in it.</remarks>
public abstract class Taskset
{
    /// <summary>The name users type: lower case, no spaces.</summary>
    public abstract string Name { get; }

    /// <summary>Changes whenever a task, a reward or a rule changes. Groups are pinned to it.</summary>
    public virtual string Version => "1.0.0";

    /// <summary>How many held-out tasks exist, or null when the set has too few tasks to hold any out (then <see cref="TaskSplit.HeldOut"/> draws from the same tasks).</summary>
    public abstract int? HeldOutCount { get; }

    /// <summary>Turn and token limits, and what ends a turn.</summary>
    public virtual EpisodeLimits Limits => EpisodeLimits.SingleTurn;

    /// <summary>The task at <paramref name="index"/>: a function of its arguments alone, on every machine, since tasks travel as (environment, index).</summary>
    /// <param name="split">The half to draw from.</param>
    /// <param name="index">Any non-negative number; finite sets wrap around.</param>
    public abstract TaskData GetTask(TaskSplit split, long index);

    /// <summary>What the environment answers to the policy's last message, or null when the episode is over. Called between turns only.</summary>
    public virtual Message? Respond(TaskData task, Trace trace) => null;

    /// <summary>
    /// The turns of a policy that solves the task and earns the whole reward, which is 1: validation plays them. The default is the task's answer as the only turn; null
    /// where nobody can say.
    /// </summary>
    public virtual IReadOnlyList<string>? Solve(TaskData task) => task?.Answer is { } answer ? [answer] : null;

    /// <summary>
    /// A worked example for supervised warm-up: the messages that follow the prompt, in order, policy and environment alternating; null where the
    /// set has no teacher. A function of its arguments alone.
    /// </summary>
    public virtual IReadOnlyList<Message>? Demonstrate(TaskData task, ulong seed) => null;
}
