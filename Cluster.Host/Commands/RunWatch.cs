using Intellect3.Actors.Administration;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>Watches a run to its end.</summary>
public static class RunWatch
{
    /// <summary>Asks for the status again and again, shows it, and returns when the run is over.</summary>
    /// <param name="status">Asks the run.</param>
    /// <param name="progress">Shows it.</param>
    /// <param name="directory">RUNDIR, for the error.</param>
    /// <param name="interval">Between two questions.</param>
    /// <param name="cancellation">Ends the watching, not the run.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">The run failed.</exception>
    public static async Task<int> FollowAsync(Func<CancellationToken, Task<RunStatus>> status, IProgress<RunStatus> progress, string directory, TimeSpan interval, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(progress);
        using var timer = new PeriodicTimer(interval);
        do
        {
            var now = await status(cancellation);
            progress.Report(now);
            switch (now.Stage)
            {
                case RunStage.Finished or RunStage.Stopped:
                    return ExitCode.Success;
                case RunStage.Failed:
                    throw new CommandException("the run failed", now.Failure ?? "no reason was given", $"What there is of it is in {directory}.", ExitCode.Failure);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));

        return ExitCode.Success;
    }
}
