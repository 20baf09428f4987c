using Akka.Actor;
using Akka.Configuration;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Tasks;
using Microsoft.Extensions.Logging;

namespace Intellect3.Actors.Hosting;

/// <summary>A run as a cluster of one node: every role in this process, the same actors and messages as on many.</summary>
public sealed class SoloCluster : IAsyncDisposable
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);
    private static readonly NodeAddress Loopback = new("loopback://solo");

    private static readonly Config Settings = NodeProfiles.Solo;

    private readonly NodeHost _node;

    private SoloCluster(NodeHost node) => _node = node;

    /// <summary>Starts the node and submits the run to it.</summary>
    /// <param name="library">Reads settings, and knows run directories.</param>
    /// <param name="run">The run.</param>
    /// <param name="logLevel">The least level written to standard error.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <param name="hocon">Akka settings that win over ours.</param>
    /// <exception cref="ClusterNodeException">The node could not start.</exception>
    /// <exception cref="RunRefusedException">The run cannot begin.</exception>
    public static async Task<SoloCluster> StartAsync(IRunLibrary library, SubmitRun run, LogLevel logLevel, CancellationToken cancellation, Config? hocon = null)
    {
        var (sources, channel) = (new ByteSources(), new LoopbackByteChannel());
        channel.Connect(Loopback, sources);
        var node = await NodeHost.StartAsync(
            new ClusterNodeOptions { Roles = NodeRoles.All, Hocon = hocon is null ? Settings : hocon.WithFallback(Settings), LogLevel = logLevel },
            new NodeServices { Library = library, Tasksets = TasksetRegistry.BuiltIn, Address = Loopback, Sources = sources, Channel = channel },
            TimeSpan.Zero,
            cancellation);
        try
        {
            return await node.Runs.Ask<IRunMessage>(run, AskTimeout, cancellation) is RunRefused refused
                ? throw new RunRefusedException(refused.What, refused.Why, refused.Remedy)
                : new SoloCluster(node);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>How the run stands.</summary>
    /// <exception cref="RunRefusedException">Its coordinator could not go on.</exception>
    /// <exception cref="AskTimeoutException">The coordinator did not answer in time.</exception>
    public async Task<RunStatus> StatusAsync() => await _node.Runs.Ask<IRunMessage>(new GetRunStatus(), AskTimeout) switch
    {
        RunStatus status => status,
        NoRun none => throw new RunRefusedException("the run cannot go on", none.Reason, "See the log."),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no answer"),
    };

    /// <summary>Asks for a checkpoint and an end; <see cref="RunStage.Stopped"/> follows.</summary>
    public void Stop(string reason) => _node.Runs.Tell(new StopRun(reason));

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
