using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Hosting;
using Intellect3.Environments.Tasks;
using Intellect3.Model.Files.HuggingFace;
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
        var context = Context(request);
        await using var cluster = await StartAsync(request, context, stop);
        using var stopping = stop.Register(() => cluster.Stop("asked to"));
        using var timer = new PeriodicTimer(StatusInterval);
        do
        {
            var status = await cluster.StatusAsync();
            request.Progress.Report(status);
            switch (status.Stage)
            {
                case RunStage.Finished or RunStage.Stopped:
                    return ExitCode.Success;
                case RunStage.Failed:
                    throw new CommandException("the run failed", status.Failure ?? "no reason was given", $"What there is of it is in {request.Directory}.", ExitCode.Failure);
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));

        return ExitCode.Success;
    }

    private static PolicyContext Context(RunRequest request)
    {
        try
        {
            TorchNative.EnsureLoaded();
            return new PolicyContext(request.Settings, TasksetRegistry.BuiltIn);
        }
        catch (UnknownTasksetException exception)
        {
            throw new CommandException("an environment is unknown", exception.Message, "Name one of the built-in environments under `environments`.");
        }
        catch (ModelFolderException exception)
        {
            throw new CommandException("the model cannot be used", exception.Message, "Set model.folder to another folder, or leave it out to make a new model.");
        }
        catch (TorchNativeException exception)
        {
            throw new CommandException("training needs libtorch", exception.Message, "Run: intellect3 doctor", ExitCode.Failure);
        }
    }

    private static async Task<SoloCluster> StartAsync(RunRequest request, PolicyContext context, CancellationToken stop)
    {
        try
        {
            return await SoloCluster.StartAsync(context, Path.GetFileName(request.Directory), request.Directory, LogLevel.Warning, stop);
        }
        catch (ClusterNodeException exception)
        {
            throw new CommandException("the node could not start", exception.Message, "Run: intellect3 doctor", ExitCode.Failure);
        }
    }
}
