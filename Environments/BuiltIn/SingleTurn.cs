using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.BuiltIn;

/// <summary>What the single-turn task sets ask of a finished trace.</summary>
internal static class SingleTurn
{
    /// <summary>The policy's answer, or null when it never ended its turn.</summary>
    public static string? Answer(Trace trace) => trace.StopCondition == StopConditions.Stop ? trace.Completion : null;

    public static bool IsExact(TaskData task, Trace trace) => Answer(trace) == task.Answer;
}
