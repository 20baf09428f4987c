using System.CommandLine;
using System.Diagnostics;
using Intellect3.Environments.Hosting;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>env host</c>: the child process of an environment. Nodes start it.</summary>
internal sealed class EnvHostCommand : Command
{
    private readonly Option<string> _package = CommonOptions.Required("--package", "DIR", "The folder of an unpacked package.");
    private readonly Option<string> _socket = CommonOptions.Required("--socket", "PATH", "The socket of the node; its end ends this process.");

    public EnvHostCommand()
        : base("host", "Serve an unpacked package to the node that started this process.")
    {
        Hidden = true;
        Add(_package);
        Add(_socket);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        // A Ctrl-C in the node's terminal comes here too; the node says when the environment's work is done.
        await EnvironmentServer.RunAsync(call.GetRequiredValue(_package), call.GetRequiredValue(_socket), CancellationToken.None);

        // Whatever the environment still runs ends here.
        Process.GetCurrentProcess().Kill();
        return ExitCode.Success;
    }
}
