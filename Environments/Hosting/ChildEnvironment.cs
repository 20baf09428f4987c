using Intellect3.Environments.Episodes;
using Intellect3.Environments.Packages;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Hosting;

/// <summary>
/// An environment in a child process that may hang, crash or leak: a call is bounded by a deadline and a grace, after which the child is killed and started again. A call
/// that was in its hands is asked once more, alone, so that nobody's second chance depends on another call; then it is a typed failure and never a reward.
/// </summary>
public sealed class ChildEnvironment : IEnvironment, IAsyncDisposable
{
    private readonly ChildOptions _options;
    private readonly string _folder;
    private readonly HelloLine _hello;
    private readonly SemaphoreSlim _calls;
    private readonly SemaphoreSlim _alone = new(1);
    private readonly SemaphoreSlim _starting = new(1);
    private readonly CancellationTokenSource _stopped = new();
    private EnvironmentProcess _process;
    private long _asked;
    private long _failed;
    private int _restarts;

    private ChildEnvironment(EnvironmentKey key, ChildOptions options, string folder, EnvironmentProcess process)
    {
        (Key, _options, _folder, _process, _hello) = (key, options, folder, process, process.Hello);
        _calls = new SemaphoreSlim(options.CallsAtOnce);
    }

    public EnvironmentKey Key { get; }

    public EpisodeLimits Limits => _hello.Limits!;

    public bool IsIsolated => true;

    /// <summary>The names of its rewards.</summary>
    public IReadOnlyList<string> Rewards => _hello.Rewards;

    /// <summary>The names of its metrics.</summary>
    public IReadOnlyList<string> Metrics => _hello.Metrics;

    /// <summary>The names of its stop methods.</summary>
    public IReadOnlyList<string> Stops => _hello.Stops;

    /// <summary>The process that runs now; null once it was stopped.</summary>
    public int? ProcessId => _stopped.IsCancellationRequested ? null : _process.Id;

    /// <summary>Calls so far.</summary>
    public long Calls => Interlocked.Read(ref _asked);

    /// <summary>Calls that failed for good.</summary>
    public long Failures => Interlocked.Read(ref _failed);

    /// <summary>How often the child was started again.</summary>
    public int Restarts => _restarts;

    /// <summary>Starts the child of an unpacked package.</summary>
    /// <param name="key">What the package is.</param>
    /// <param name="folder">Where it was unpacked.</param>
    /// <param name="options">Bounds, and how to start a child.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="PackageException">The child did not come up, or will not serve the package; the message says why.</exception>
    public static async Task<ChildEnvironment> StartAsync(EnvironmentKey key, string folder, ChildOptions options, CancellationToken cancellation)
    {
        try
        {
            return new ChildEnvironment(key, options, folder, await EnvironmentProcess.StartAsync(options, folder, cancellation));
        }
        catch (ChildLostException e)
        {
            throw new PackageException(e.IsRefusal ? e.Message : $"its process did not start: {e.Message}", e);
        }
    }

    public async ValueTask<TaskData> GetTaskAsync(TaskSplit split, long index, CancellationToken cancellation)
    {
        var reply = await AskAsync(new RequestLine { Call = EnvironmentCall.Task, Split = split, Index = index }, cancellation);
        return reply.Task ?? throw new EnvironmentException(reply.Error ?? Missing(nameof(Taskset.GetTask)));
    }

    public async ValueTask<TurnOutcome> AfterTurnAsync(TaskData task, Trace trace, bool mayReply, CancellationToken cancellation)
    {
        var reply = await AskAsync(new RequestLine { Call = EnvironmentCall.AfterTurn, Task = task, Trace = new TraceRecord(trace), MayReply = mayReply }, cancellation);
        return new TurnOutcome(reply.Stop, reply.Reply, reply.Error);
    }

    public async ValueTask ScoreAsync(TaskData task, Trace trace, CancellationToken cancellation)
    {
        var deadline = (int)_options.CallDeadline.TotalMilliseconds;
        var reply = await AskAsync(new RequestLine { Call = EnvironmentCall.Score, Task = task, Trace = new TraceRecord(trace), Deadline = deadline }, cancellation);
        if (reply.Score is { } score)
        {
            score.AddTo(trace);
        }
        else
        {
            trace.Fail(reply.Error ?? Missing("score"));
        }
    }

    public async ValueTask<IReadOnlyList<string>?> SolveAsync(TaskData task, CancellationToken cancellation)
    {
        var reply = await AskAsync(new RequestLine { Call = EnvironmentCall.Solve, Task = task }, cancellation);
        return reply.Error is { } error ? throw new EnvironmentException(error) : reply.Solution;
    }

    /// <summary>Ends the child; calls in its hands fail.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _starting.WaitAsync();
        _process.Dispose();
        await _process.Ended;
    }

    /// <summary>An answer, or a reply that holds the error of a child that failed twice.</summary>
    private async Task<ReplyLine> AskAsync(RequestLine request, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        ChildMetrics.Count(ChildMetrics.Calls, Key);
        try
        {
            return await AskOnceAsync(request, isAlone: false, cancellation);
        }
        catch (ChildLostException)
        {
            // Not necessarily this call's fault: it has a second chance, alone.
        }

        try
        {
            return await AskOnceAsync(request, isAlone: true, cancellation);
        }
        catch (ChildLostException e)
        {
            Interlocked.Increment(ref _failed);
            ChildMetrics.Count(ChildMetrics.Failures, Key);
            var boundary = request.Call == EnvironmentCall.Score ? Boundary.Verifier : Boundary.Environment;
            return new ReplyLine { Id = 0, Error = new TraceError(boundary, Key.Name, $"its process failed twice: {e.Message}") };
        }
    }

    private async Task<ReplyLine> AskOnceAsync(RequestLine request, bool isAlone, CancellationToken cancellation)
    {
        using var place = await Places.TakeAsync(this, isAlone, cancellation);
        var process = await RunningAsync(cancellation);
        return await process.CallAsync(request, _options.CallDeadline + _options.Grace).WaitAsync(cancellation);
    }

    /// <summary>The child, started again if it has ended.</summary>
    private async Task<EnvironmentProcess> RunningAsync(CancellationToken cancellation)
    {
        if (!_process.Ended.IsCompleted)
        {
            return _process;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopped.Token);
        try
        {
            await _starting.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            throw new ChildLostException("it was ended");
        }

        try
        {
            if (_process.Ended.IsCompleted)
            {
                // Not the caller's token: whoever waits next wants this child as well.
                var started = await EnvironmentProcess.StartAsync(_options, _folder, _stopped.Token);
                _process.Dispose();
                _process = started;
                Interlocked.Increment(ref _restarts);
                ChildMetrics.Count(ChildMetrics.Restarts, Key);
            }

            return _process;
        }
        catch (OperationCanceledException)
        {
            throw new ChildLostException("it was ended");
        }
        finally
        {
            _starting.Release();
        }
    }

    private static TraceError Missing(string source) => new(Boundary.Environment, source, "It returned null.");

    /// <summary>One of the places of <see cref="ChildOptions.CallsAtOnce"/>, or all of them.</summary>
    private readonly struct Places(SemaphoreSlim calls, int taken) : IDisposable
    {
        public static async Task<Places> TakeAsync(ChildEnvironment child, bool all, CancellationToken cancellation)
        {
            if (!all)
            {
                await child._calls.WaitAsync(cancellation);
                return new Places(child._calls, 1);
            }

            await child._alone.WaitAsync(cancellation);
            var taken = 0;
            try
            {
                for (; taken < child._options.CallsAtOnce; taken++)
                {
                    await child._calls.WaitAsync(cancellation);
                }
            }
            catch
            {
                new Places(child._calls, taken).Dispose();
                throw;
            }
            finally
            {
                child._alone.Release();
            }

            return new Places(child._calls, taken);
        }

        public void Dispose()
        {
            if (taken > 0)
            {
                calls.Release(taken);
            }
        }
    }
}
