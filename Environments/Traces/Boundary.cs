namespace Intellect3.Environments.Traces;

/// <summary>Whose fault a failure is: the boundary it crossed on its way to the rollout.</summary>
public enum Boundary
{
    /// <summary>The inference engine.</summary>
    Provider,

    /// <summary>The task set itself: a task, a turn or a stop rule.</summary>
    Environment,
    Tool,
    Sandbox,

    /// <summary>A reward or a metric.</summary>
    Verifier,
}
