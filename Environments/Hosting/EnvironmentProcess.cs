using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Intellect3.Environments.Hosting;

/// <summary>One child process and the calls in its hands. Once it has ended it stays ended.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class EnvironmentProcess : IDisposable
{
    private const int KeptCharacters = 500;

    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<ReplyLine>> _calls = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Stream? _stream;
    private long _lastId;
    private string? _reason;
    private volatile string? _lastWords;

    private EnvironmentProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, data) => Keep(data.Data);
        process.ErrorDataReceived += (_, data) => Keep(data.Data);
        process.Exited += async (_, _) => await FinishAsync();
    }

    public HelloLine Hello { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>Ends with the process, whatever ended it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Starts the child and waits for its hello.</summary>
    /// <exception cref="ChildLostException">It did not come up, or will not serve; the message says why.</exception>
    public static async Task<EnvironmentProcess> StartAsync(ChildOptions options, string package, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("i3env-");
        try
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            var path = Path.Combine(folder.FullName, "s");
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen(1);
            var child = new EnvironmentProcess(Create(options.Command, package, path));
            try
            {
                await child.ConnectAsync(listener, options.StartDeadline, cancellation);
                return child;
            }
            catch
            {
                child.Dispose();
                throw;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Asks the child. One that does not answer within the time is killed, and with it every other call.</summary>
    /// <exception cref="ChildLostException">The child ended without an answer.</exception>
    public async Task<ReplyLine> CallAsync(RequestLine request, TimeSpan patience)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<ReplyLine>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        if (_ended.Task.IsCompleted)
        {
            throw Lost();
        }

        try
        {
            await WriteAsync(EnvironmentContract.Write(request with { Id = id })).WaitAsync(patience);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or TimeoutException)
        {
            // Whoever reads the connection finds out why, and the call is lost below.
        }

        try
        {
            return await answer.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            var message = $"it did not answer within {patience.TotalSeconds:0.#} s and was ended";
            End(message);
            throw new ChildLostException(message);
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    /// <summary>Ends the process; every call in its hands is lost.</summary>
    public void Dispose()
    {
        End("it was ended");
        _process.Dispose();
    }

    private static Process Create(HostCommand command, string package, string socket)
    {
        var start = new ProcessStartInfo(command.FileName, [.. command.Arguments, "--package", package, "--socket", socket])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = package,
        };

        // A child is small, and there may be many: no server heap, no diagnostic ports.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new Process { StartInfo = start, EnableRaisingEvents = true };
    }

    private async Task ConnectAsync(Socket listener, TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            _process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ChildLostException($"{_process.StartInfo.FileName} could not be started: {e.Message}");
        }

        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(within);
        _ = Ended.ContinueWith(_ => deadline.Cancel(), deadline.Token, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            _stream = new NetworkStream(await listener.AcceptAsync(deadline.Token), ownsSocket: true);
            var reader = new StreamReader(_stream, new UTF8Encoding(false));
            Hello = EnvironmentContract.Read<HelloLine>(await reader.ReadLineAsync(deadline.Token) ?? throw new IOException("the connection ended"));
            if (Hello.Contract != EnvironmentContract.Version || Hello.Refusal is not null)
            {
                throw new ChildLostException(Hello.Refusal ?? $"it speaks contract {Hello.Contract}; this program speaks {EnvironmentContract.Version}", isRefusal: true);
            }

            _ = ReadAsync(reader);
        }
        catch (Exception e) when (e is IOException or JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Ended.IsCompleted ? Lost() : new ChildLostException($"it did not come up within {within.TotalSeconds:0.#} s{LastOutput()}");
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                var reply = EnvironmentContract.Read<ReplyLine>(line);
                if (_calls.TryGetValue(reply.Id, out var call))
                {
                    call.TrySetResult(reply);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The connection is gone, and the process with it: the end below says why.
        }
        catch (JsonException e)
        {
            End($"it sent what is not of the contract: {e.Message}");
        }

        await FinishAsync();
    }

    /// <summary>The process is ending by itself: its exit code and its last words tell why.</summary>
    private async Task FinishAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(LastWords);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            // It never began, or does not end by itself: it is ended below.
        }

        End(null);
    }

    private async Task WriteAsync(string line)
    {
        await _writing.WaitAsync();
        try
        {
            await _stream!.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <param name="reason">Why it is ended; null when it ended by itself.</param>
    private void End(string? reason)
    {
        Interlocked.CompareExchange(ref _reason, reason, null);
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It has ended already, or never began.
        }

        _ended.TrySetResult();
        _stream?.Dispose();
        foreach (var call in _calls.Values)
        {
            call.TrySetException(Lost());
        }
    }

    private ChildLostException Lost() => new(_reason ?? $"it ended {ExitStatus()}{LastOutput()}");

    private string ExitStatus()
    {
        try
        {
            return _process.HasExited ? $"with exit code {_process.ExitCode}" : "its connection";
        }
        catch (InvalidOperationException)
        {
            return "before it began";
        }
    }

    private void Keep(string? line)
    {
        // Under the line that says why it crashes .NET writes a stack.
        if (!string.IsNullOrWhiteSpace(line) && !line.StartsWith("   ", StringComparison.Ordinal))
        {
            _lastWords = line.Length > KeptCharacters ? line[..KeptCharacters] : line;
        }
    }

    private string LastOutput() => _lastWords is { } words ? $"; its last words: {words}" : "";
}
