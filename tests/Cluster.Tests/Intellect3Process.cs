using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Intellect3.Cluster.Tests;

/// <summary>The real executable as a process. Every wait is bounded and says what it waited for.</summary>
internal sealed partial class Intellect3Process : IDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly string _what;

    private Intellect3Process(string[] arguments)
    {
        _what = $"intellect3 {string.Join(' ', arguments)}";
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
            EnableRaisingEvents = true,
        };
    }

    private static string Executable { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "..", "..", "..", "Cluster.Host", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", OperatingSystem.IsWindows() ? "intellect3.exe" : "intellect3"));

    /// <summary>Starts the program; the caller disposes it, which kills what still runs.</summary>
    public static Intellect3Process Start(params string[] arguments)
    {
        var process = new Intellect3Process(arguments);
        process._process.ErrorDataReceived += (_, line) =>
        {
            lock (process._errors)
            {
                process._errors.AppendLine(line.Data);
            }
        };
        process._process.Start();
        process._process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var exit = await process.WaitAsync();
        return (exit, process._output.ToString(), process.Errors);
    }

    /// <summary>Standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    /// <summary>Reads standard output until a line satisfies the condition.</summary>
    public async Task<string> LineAsync(Func<string, bool> condition, string expected)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                _output.AppendLine(line);
                if (condition(line))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new InvalidOperationException($"{_what} did not print {expected}. Output:\n{_output}\nErrors:\n{Errors}");
    }

    public async Task<int> WaitAsync(TimeSpan? within = null)
    {
        using var deadline = new CancellationTokenSource(within ?? Deadline);
        var output = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            _output.Append(await output);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_what} did not end within {within ?? Deadline}. Output:\n{_output}{await output}\nErrors:\n{Errors}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
