namespace Intellect3.Model.Threading;

/// <summary>
/// A small fixed team of dedicated threads that runs numbered jobs side by side. The caller is its first member; compute never goes to the thread pool.
/// </summary>
/// <remarks>Called from one thread. Which member runs a job must not matter to its result.</remarks>
public sealed class ComputeTeam : IDisposable
{
    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private Action<int>? _body;
    private int _jobs;
    private int _next;
    private int _unfinished;
    private bool _disposed;
    private Exception? _failure;

    /// <param name="name">Names the threads.</param>
    /// <param name="members">The caller included, at least 1.</param>
    public ComputeTeam(string name, int members)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        _threads = [.. Enumerable.Range(1, members - 1).Select(i => new Thread(Work) { IsBackground = true, Name = $"{name}-{i}" })];
        Array.ForEach(_threads, t => t.Start());
    }

    /// <summary>Runs jobs 0 .. jobs - 1 and returns when all have ended.</summary>
    /// <exception cref="AggregateException">A job threw; the others still ran.</exception>
    public void Run(int jobs, Action<int> body)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            (_body, _jobs, _next, _unfinished, _failure) = (body, jobs, 0, jobs, null);
            Monitor.PulseAll(_gate);
        }

        RunJobs();
        lock (_gate)
        {
            while (_unfinished > 0)
            {
                Monitor.Wait(_gate);
            }

            _body = null;
            if (_failure is not null)
            {
                throw new AggregateException(_failure);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.PulseAll(_gate);
        }

        Array.ForEach(_threads, t => t.Join());
    }

    private void Work()
    {
        while (true)
        {
            lock (_gate)
            {
                while (!_disposed && (_body is null || _next >= _jobs))
                {
                    Monitor.Wait(_gate);
                }

                if (_disposed)
                {
                    return;
                }
            }

            RunJobs();
        }
    }

    private void RunJobs()
    {
        while (true)
        {
            Action<int> body;
            int job;
            lock (_gate)
            {
                if (_body is null || _next >= _jobs)
                {
                    return;
                }

                (body, job) = (_body, _next++);
            }

            Exception? failure = null;
            try
            {
                body(job);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            lock (_gate)
            {
                _failure ??= failure;
                if (--_unfinished == 0)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }
}
