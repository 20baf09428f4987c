using System.Net.Sockets;
using System.Text;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Packages;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Hosting;

/// <summary>The child's side of <see cref="EnvironmentContract"/>: serves the task set of one unpacked package until its socket closes.</summary>
public sealed class EnvironmentServer : IDisposable
{
    // A scorer may block its thread, and the next call must not wait until the pool notices.
    private const int FewestThreads = 32;

    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;
    private readonly SemaphoreSlim _writing = new(1);
    private LocalEnvironment? _environment;

    private EnvironmentServer(Stream stream)
    {
        _reader = new StreamReader(stream, new UTF8Encoding(false));
        _writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16) { NewLine = "\n" };
    }

    /// <summary>Loads the package and serves it. Whatever the environment writes to the console goes to standard error.</summary>
    /// <param name="package">The folder of the unpacked package.</param>
    /// <param name="socket">The Unix domain socket that the node listens on.</param>
    /// <param name="cancellation">Ends it; the socket's end does too.</param>
    public static async Task RunAsync(string package, string socket, CancellationToken cancellation)
    {
        Console.SetOut(Console.Error);
        ThreadPool.GetMinThreads(out var threads, out var ports);
        ThreadPool.SetMinThreads(Math.Max(threads, FewestThreads), ports);
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
        using var server = new EnvironmentServer(new NetworkStream(connection, ownsSocket: false));
        await server.ServeAsync(package, cancellation);
    }

    /// <summary>Closes its end of the connection.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        _writing.Dispose();
    }

    private async Task ServeAsync(string package, CancellationToken cancellation)
    {
        await WriteAsync(Hello(package));
        while (_environment is not null && await _reader.ReadLineAsync(cancellation) is { } line)
        {
            var request = EnvironmentContract.Read<RequestLine>(line);
            _ = Task.Run(() => AnswerAsync(request), cancellation);
        }
    }

    private HelloLine Hello(string package)
    {
        try
        {
            var taskset = PackageLoader.Load(package);
            _environment = new LocalEnvironment(taskset);
            var scorer = Scorer.For(taskset);
            return new HelloLine
            {
                Contract = EnvironmentContract.Version,
                Taskset = taskset.Name,
                Limits = taskset.Limits,
                Rewards = scorer.Rewards,
                Metrics = scorer.Metrics,
                Stops = scorer.Stops,
            };
        }
        catch (Exception e)
        {
            return new HelloLine { Contract = EnvironmentContract.Version, Refusal = e is PackageException or TasksetException ? e.Message : $"{e.GetType().Name}: {e.Message}" };
        }
    }

    private async Task AnswerAsync(RequestLine request)
    {
        ReplyLine reply;
        try
        {
            reply = await ReplyAsync(_environment!, request);
        }
        catch (Exception e)
        {
            var error = e is EnvironmentException failure ? failure.Error : TraceError.From(Boundary.Environment, request.Call.ToString(), e);
            reply = new ReplyLine { Id = request.Id, Error = error };
        }

        try
        {
            await WriteAsync(reply);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The node is gone; so is this process in a moment.
        }
    }

    private static async Task<ReplyLine> ReplyAsync(LocalEnvironment environment, RequestLine request)
    {
        switch (request.Call)
        {
            case EnvironmentCall.Task:
                return new ReplyLine { Id = request.Id, Task = await environment.GetTaskAsync(request.Split!.Value, request.Index!.Value, CancellationToken.None) };
            case EnvironmentCall.Solve:
                return new ReplyLine { Id = request.Id, Solution = await environment.SolveAsync(request.Task!, CancellationToken.None) };
            case EnvironmentCall.AfterTurn:
                var (stop, reply, error) = environment.AfterTurn(request.Task!, request.Trace!.ToTrace(), request.MayReply!.Value);
                return new ReplyLine { Id = request.Id, Stop = stop, Reply = reply, Error = error };
            default:
                var trace = request.Trace!.ToTrace();
                using (var deadline = new CancellationTokenSource(request.Deadline!.Value))
                {
                    await environment.ScoreAsync(request.Task!, trace, deadline.Token);
                }

                return new ReplyLine { Id = request.Id, Score = ScoreRecord.Of(trace) };
        }
    }

    private async Task WriteAsync<T>(T message)
    {
        var line = EnvironmentContract.Write(message);
        await _writing.WaitAsync();
        try
        {
            await _writer.WriteLineAsync(line);
            await _writer.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }
}
