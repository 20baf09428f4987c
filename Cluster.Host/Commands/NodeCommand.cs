using System.CommandLine;
using Intellect3.Cluster.Host.Nodes;
using Intellect3.Model.Files;
using Microsoft.Extensions.Logging;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>node</c>: one node of a cluster, until it is told to leave.</summary>
internal sealed class NodeCommand : Command
{
    /// <summary>The switch of nodes that are children: they leave when their standard input ends.</summary>
    public const string EndWithInput = "--end-with-input";

    private readonly NodeOptions _node = new();
    private readonly Option<string?> _readyFile = new("--ready-file") { HelpName = "FILE", Description = "Write the ready line to this file as well." };
    private readonly Option<string?> _logLevel = CommonOptions.Choice("--log-level", ["debug", "information", "warning", "error"], "The least level of log lines, on standard error. Default: information.");
    private readonly Option<bool> _endWithInput = new(EndWithInput) { Description = "Leave when standard input ends: for whoever starts nodes as children.", Hidden = true };
    private readonly HostContext _context;

    public NodeCommand(HostContext context)
        : base("node", "Start a node of a cluster. It prints a line that begins with 'ready:' once it is a member, and runs until Ctrl-C or SIGTERM: then it hands its work over and leaves.")
    {
        _context = context;
        foreach (var option in (Option[])[.. _node.All, _readyFile, _logLevel, _endWithInput])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var options = _node.Read(call, _context) with { LogLevel = Enum.Parse<LogLevel>(call.GetValue(_logLevel) ?? "information", ignoreCase: true) };
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (call.GetValue(_endWithInput))
        {
            _ = LeaveAtEndOfInputAsync(leave);
        }

        await using var node = await NodeProcess.StartAsync(options, _context.Error.WriteLine, leave.Token);
        _context.Output.WriteLine(node.ReadyLine);
        _context.Output.Flush();
        if (call.GetValue(_readyFile) is { } file)
        {
            AtomicFile.WriteText(file, node.ReadyLine + "\n");
        }

        using var asked = leave.Token.Register(() => _context.Error.WriteLine("leaving the cluster"));
        await Task.WhenAny(node.Host.Node.Stopped, Task.Delay(Timeout.Infinite, leave.Token));
        return leave.IsCancellationRequested
            ? ExitCode.Success
            : throw new CommandException("the node was removed from its cluster", "The others could not reach it, or were told to do without it.", "Start it again: it joins anew.", ExitCode.Failure);
    }

    private static async Task LeaveAtEndOfInputAsync(CancellationTokenSource leave)
    {
        try
        {
            await Console.OpenStandardInput().CopyToAsync(Stream.Null, leave.Token);
            await leave.CancelAsync();
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // It leaves already.
        }
    }
}
