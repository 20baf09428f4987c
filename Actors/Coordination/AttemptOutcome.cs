namespace Intellect3.Actors.Coordination;

/// <summary>How an attempt at a prompt ended. All but <see cref="Delivered"/> open the prompt again.</summary>
public enum AttemptOutcome
{
    Delivered,

    /// <summary>Its oldest token is too many versions old.</summary>
    Stale,

    /// <summary>The run gave it up: a rollback, or the end.</summary>
    Cancelled,

    /// <summary>Its node, an engine or its payload vanished, or its deadline passed: nobody's own fault.</summary>
    Lost,

    /// <summary>The attempt itself failed: it counts towards the prompt's limit.</summary>
    Failed,
}
