using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Intellect3.Cluster.Host.Commands;
using Intellect3.Cluster.Host.Nodes;
using Intellect3.Model.Files.HuggingFace;

namespace Intellect3.Cluster.Host;

/// <summary>The command line: finds the command, runs it, and turns whatever goes wrong into a few lines and an exit code.</summary>
public static class HostApplication
{
    // errno of a full disk, which .NET leaves in HResult on Unix; on Windows it is ERROR_DISK_FULL.
    private static readonly int[] DiskFull = [28, unchecked((int)0x80070070)];

    /// <summary>Runs one call of the program.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="context">What it may reach.</param>
    /// <param name="stop">Fires when the user wants it to stop.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, HostContext context, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            // A text that begins with '@' is no response file.
            var call = CreateRoot(context).Parse(arguments, new() { ResponseFileTokenReplacer = null });
            if (call.Action is ParseErrorAction)
            {
                throw WrongCalls.Explain(call);
            }

            return await call.InvokeAsync(new() { Output = context.Output, Error = context.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            return Report(context, e);
        }
    }

    private static RootCommand CreateRoot(HostContext context)
    {
        var root = new RootCommand("Reinforcement learning of language models on verifiable rewards, as one Akka.NET cluster.")
        {
            new TrainCommand(context),
            new NodeCommand(context),
            new SubmitCommand(context),
            new UpCommand(context),
            new EvalCommand(context),
            new GenerateCommand(context),
            new EnvCommand(context),
            new VerifyCommand(context),
            new PbmCommand(context),
            new LedgerCommand(context),
            new ConfigCommand(context),
            new RecipesCommand(context),
            new DoctorCommand(context),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.SetAction(call => root.Parse("--help").Invoke(call.InvocationConfiguration));
        return root;
    }

    /// <summary>Says on standard error what went wrong; returns the exit code.</summary>
    internal static int Report(HostContext context, Exception exception)
    {
        var error = exception as CommandException ?? Translate(exception);
        foreach (var line in (string?[])[$"error: {error.Message}", error.Why, error.Remedy])
        {
            if (!string.IsNullOrEmpty(line))
            {
                context.Error.WriteLine(line.StartsWith("error:", StringComparison.Ordinal) ? line : $"  {line}");
            }
        }

        if (context.Variable("INTELLECT3_DEBUG") == "1")
        {
            context.Error.WriteLine(exception);
        }

        return error.ExitCode;
    }

    private static CommandException Translate(Exception exception) => exception switch
    {
        NodeUnreachableException unreachable => new(unreachable.Message, null, "Check that the node runs, and that this is its HTTP port.", ExitCode.Failure),
        ModelFolderException => new(exception.Message, null, null),
        IOException when DiskFull.Contains(exception.HResult) => new("no space left on the disk", exception.Message, "Free some space, or choose a directory on another disk."),
        IOException or UnauthorizedAccessException => new("a file could not be read or written", exception.Message, "Check the path and its permissions.", ExitCode.Failure),
        _ => new($"unexpected {exception.GetType().Name}", exception.Message, "Set INTELLECT3_DEBUG=1 to see where it happened.", ExitCode.Failure),
    };
}
