using System.Diagnostics;
using Intellect3.Cluster.Host.Commands;
using Intellect3.Environments.Hosting;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>
/// A node as a supervised child process: started again with back-off when it ends, on the same arguments. It leaves when its standard input ends, so it never outlives its
/// supervisor. What it logs goes to <c>node.log</c> in its data directory; what it fails at is shown as well.
/// </summary>
public sealed class ChildNode : IAsyncDisposable
{
    private const int LongestShown = 400;

    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(40);
    private static readonly string[] Shown = ["fail:", "crit:", "error:", "waiting"];

    private readonly string _name;
    private readonly string _data;
    private readonly HostCommand _command;
    private readonly Action<string> _say;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RestartBackoff _backoff = new();
    private readonly Task _supervision;

    /// <param name="name">For people.</param>
    /// <param name="data">Its data directory.</param>
    /// <param name="arguments">The arguments of <c>node</c>, but for the data directory.</param>
    /// <param name="say">Tells the user what happens to it.</param>
    public ChildNode(string name, string data, IEnumerable<string> arguments, Action<string> say)
    {
        (_name, _data, _say) = (name, data, say);
        _command = OwnProgram.With(["node", "--data-dir", data, NodeCommand.EndWithInput, .. arguments]);
        Directory.CreateDirectory(data);
        _supervision = SuperviseAsync();
    }

    /// <summary>Its first ready line.</summary>
    /// <exception cref="CommandException">It ended before.</exception>
    public Task<string> Ready => _ready.Task;

    /// <summary>Lets it leave, and kills it when it takes too long.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _supervision;
        _stop.Dispose();
    }

    private string LogPath => Path.Combine(_data, "node.log");

    private async Task SuperviseAsync()
    {
        try
        {
            await KeepAliveAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            // The program could not be started, or its log not be written.
            _say($"{_name} is given up: {exception.Message}");
            _ready.TrySetException(new CommandException($"the node {_name} could not start", exception.Message, $"Look at {_data}.", ExitCode.Failure));
        }
    }

    private async Task KeepAliveAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var started = TimeProvider.System.GetTimestamp();
            var exit = await RunOnceAsync();
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            if (!_ready.Task.IsCompleted)
            {
                _ready.SetException(new CommandException($"the node {_name} could not start (exit code {exit})", $"Its last words are above, and in {LogPath}.", null, ExitCode.Failure));
                return;
            }

            var delay = _backoff.After(TimeProvider.System.GetElapsedTime(started));
            _say($"{_name} ended with exit code {exit}; it starts again in {delay.TotalSeconds:0.#} s");
            await Task.Delay(delay, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> RunOnceAsync()
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(_command.FileName, _command.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        await using var log = new StreamWriter(LogPath, append: true) { AutoFlush = true };
        var output = CopyAsync(process.StandardOutput, log, line =>
        {
            if (line.StartsWith("ready:", StringComparison.Ordinal) && !_ready.TrySetResult(line))
            {
                _say($"{_name} is back");
            }
        });
        var errors = CopyAsync(process.StandardError, log, line =>
        {
            if (Array.Exists(Shown, s => line.StartsWith(s, StringComparison.Ordinal)))
            {
                _say($"{_name}: {(line.Length > LongestShown ? line[..LongestShown] + "..." : line)}");
            }
        });
        try
        {
            await process.WaitForExitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            await LeaveAsync(process);
        }

        await Task.WhenAll(output, errors);
        return process.ExitCode;
    }

    private async Task LeaveAsync(Process process)
    {
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(LeaveTimeout);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _say($"{_name} did not leave within {LeaveTimeout.TotalSeconds:0} s and is killed");
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task CopyAsync(StreamReader from, StreamWriter log, Action<string> see)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lock (log)
            {
                log.WriteLine(line);
            }

            see(line);
        }
    }
}
