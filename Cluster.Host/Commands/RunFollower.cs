using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;
using Intellect3.Cluster.Host.Display;
using Intellect3.Cluster.Host.Nodes;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>Watches a run of a cluster from outside, to its end. A coordinator that is away for a while is waited for.</summary>
internal sealed class RunFollower(HostContext context, NodeClient client)
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private RunStatus? _last;
    private long _lastAnswer = TimeProvider.System.GetTimestamp();

    /// <summary>Shows the run until it is over; then its result, if its directory can be read here.</summary>
    /// <exception cref="CommandException">It failed.</exception>
    /// <exception cref="NodeUnreachableException">Nobody answered for two minutes.</exception>
    public async Task<int> FollowAsync(string directory, string progress, TextWriter talk, RunSettings settings, CancellationToken stop)
    {
        int exit;
        await using (var display = RunDisplay.Create(context, progress, talk))
        {
            try
            {
                exit = await RunWatch.FollowAsync(StatusAsync, display, directory, StatusInterval, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return ExitCode.Success;
            }
        }

        var summary = Path.Combine(directory, Actors.Recording.RunFiles.Summary);
        if (exit == ExitCode.Success && _last is { Stage: RunStage.Finished } && File.Exists(summary))
        {
            foreach (var line in Texts.Result(RunSummary.Parse(await File.ReadAllTextAsync(summary, CancellationToken.None)), settings, directory, context.CommandName))
            {
                talk.WriteLine(line);
            }
        }

        return exit;
    }

    private async Task<RunStatus> StatusAsync(CancellationToken cancellation)
    {
        try
        {
            _last = await client.StatusAsync(cancellation);
            _lastAnswer = TimeProvider.System.GetTimestamp();
            return _last;
        }
        catch (NodeUnreachableException) when (_last is not null && TimeProvider.System.GetElapsedTime(_lastAnswer) < Patience)
        {
            return _last;
        }
    }
}
