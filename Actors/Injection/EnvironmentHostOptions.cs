using Intellect3.Environments.Hosting;

namespace Intellect3.Actors.Injection;

/// <summary>How a node runs injected environments.</summary>
public sealed record EnvironmentHostOptions
{
    /// <summary>How a child process is started, and what bounds it.</summary>
    public required ChildOptions Child { get; init; }

    /// <summary>Where packages are unpacked, each into a folder named by its hash.</summary>
    public required string Folder { get; init; }

    /// <summary>From the pull of the package to the end of its validation.</summary>
    public TimeSpan InstallDeadline { get; init; } = TimeSpan.FromMinutes(2);
}
