using Intellect3.Actors.Coordination;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Messages;
using Intellect3.Model.Native;
using Microsoft.Extensions.Logging;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>A run as a cluster of one node in this process.</summary>
public sealed class SoloRunLauncher : IRunLauncher
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMilliseconds(250);

    public async Task<int> RunAsync(RunRequest request, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            TorchNative.EnsureLoaded();
            await using var cluster = await SoloCluster.StartAsync(
                new RunLibrary(), new SubmitRun(Path.GetFileName(request.Directory), request.Directory, request.ConfigText), LogLevel.Warning, stop);
            using var stopping = stop.Register(() => cluster.Stop("asked to"));
            return await RunWatch.FollowAsync(_ => cluster.StatusAsync(), request.Progress, request.Directory, StatusInterval, CancellationToken.None);
        }
        catch (TorchNativeException exception)
        {
            throw new CommandException("training needs libtorch", exception.Message, "Run: intellect3 doctor", ExitCode.Failure);
        }
        catch (ClusterNodeException exception)
        {
            throw new CommandException("the node could not start", exception.Message, "Run: intellect3 doctor", ExitCode.Failure);
        }
        catch (RunRefusedException exception)
        {
            throw new CommandException(exception.Message, exception.Why, exception.Remedy);
        }
    }
}
