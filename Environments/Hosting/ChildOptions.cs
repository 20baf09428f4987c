namespace Intellect3.Environments.Hosting;

/// <summary>What bounds the child process of an environment.</summary>
public sealed record ChildOptions
{
    /// <summary>How the child is started.</summary>
    public required HostCommand Command { get; init; }

    /// <summary>Until the child has said hello.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of one call; an asynchronous scorer is cancelled then.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After the deadline, until the child is killed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Calls that the child works on at once; more wait.</summary>
    public int CallsAtOnce { get; init; } = 32;
}
