namespace Intellect3.Cluster.Host.Commands;

/// <summary>A run as a cluster of one node in this process.</summary>
public sealed class SoloRunLauncher : IRunLauncher
{
    public Task<int> RunAsync(RunRequest request, CancellationToken stop) =>
        throw new CommandException("training is not wired", "This build has the settings and commands, but not the run itself.", "Use a newer build.", ExitCode.Failure);
}
