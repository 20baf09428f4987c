using Intellect3.Cluster.Host.Commands;
using Intellect3.Environments.Hosting;
using Intellect3.Cluster.Host.Nodes;
using Intellect3.Cluster.Host.Pbm;

namespace Intellect3.Cluster.Host;

/// <summary>What a command reaches outside of itself; tests give it their own.</summary>
public sealed record HostContext
{
    /// <summary>Standard output: results and progress, never a log line.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error: logs and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>Set when both standard input and output are a terminal that a user types into.</summary>
    public ITerminal? Terminal { get; init; }

    /// <summary>True when standard output is a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>How the user calls this program; what suggested commands begin with.</summary>
    public string CommandName { get; init; } = "intellect3";

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The folder of the SDK package that environments are written against.</summary>
    public string SdkFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "sdk");

    /// <summary>Starts the child process of an environment: this program.</summary>
    public HostCommand EnvironmentHost { get; init; } = OwnProgram.With("env", "host");

    public IRunLauncher Launcher { get; init; } = new SoloRunLauncher();

    /// <summary>
    /// The process's own. From here on <see cref="Console.Out"/> is standard error, so that whatever logs to the console (Akka's standard logger does) cannot mix into results.
    /// </summary>
    public static HostContext OfProcess()
    {
        var output = Console.Out;
        Console.SetOut(Console.Error);
        return new HostContext
        {
            Output = output,
            Error = Console.Error,
            Input = Console.In,
            Terminal = Console.IsInputRedirected || Console.IsOutputRedirected ? null : new ConsoleTerminal(output),
            IsTerminal = !Console.IsOutputRedirected,
            CommandName = NameOfProcess(),
        };
    }

    // The path, unless the shell finds the bare name; where another program (dotnet, a test) hosts this one, the name as well.
    private static string NameOfProcess()
    {
        const string name = "intellect3";
        var path = Environment.ProcessPath!;
        var folders = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return Path.GetFileNameWithoutExtension(path) != name || folders.Contains(Path.GetDirectoryName(path)) ? name : Path.GetRelativePath(Environment.CurrentDirectory, path);
    }
}
