namespace Intellect3.Cluster.Host.Commands;

/// <summary>Runs what <c>train</c> has prepared.</summary>
public interface IRunLauncher
{
    /// <summary>Runs to the end, or until <paramref name="stop"/> fires: then it writes a checkpoint and returns.</summary>
    /// <returns>The exit code of the process.</returns>
    /// <exception cref="CommandException">The run cannot begin, or failed.</exception>
    Task<int> RunAsync(RunRequest request, CancellationToken stop);
}
