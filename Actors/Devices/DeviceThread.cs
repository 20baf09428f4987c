using System.Diagnostics;

namespace Intellect3.Actors.Devices;

/// <summary>
/// A device's one thread: runs the work items of a bounded queue and, between them, the slices of the program that is open on the device. Nothing
/// else touches the device, and nothing here uses the thread pool.
/// </summary>
/// <remarks>Thread-safe. A background thread: it never keeps a process alive, and an exception never ends it.</remarks>
public sealed class DeviceThread : IDisposable
{
    private readonly object _gate = new();
    private readonly int _capacity;
    private readonly TimeSpan _stopTimeout;
    private readonly DeviceUsage _usage;
    private readonly Thread _thread;
    private List<Action> _queue = [];
    private List<Action> _batch = [];
    private DeviceSession? _open;
    private bool _stopping;

    // Of the device's thread alone.
    private DeviceSession? _running;
    private bool _advancing;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The device's name, for people.</param>
    /// <param name="capacity">Work items that may wait.</param>
    /// <param name="stopTimeout">How long <see cref="Dispose"/> waits for the thread to end.</param>
    public DeviceThread(string name, int capacity, TimeSpan stopTimeout)
        : this(name, capacity, stopTimeout, DeviceUsage.Of(name))
    {
    }

    internal DeviceThread(string name, int capacity, TimeSpan stopTimeout, DeviceUsage usage)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Name = name;
        _capacity = capacity;
        _stopTimeout = stopTimeout;
        _usage = usage;
        _thread = new Thread(Run) { IsBackground = true, Name = $"device {name}" };
        _thread.Start();
    }

    public string Name { get; }

    /// <summary>True on the device's own thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Opens the device for a program; the program before must have been closed, and is disposed first.</summary>
    /// <param name="program">Started on the device's thread, and disposed there once its start was tried.</param>
    /// <param name="onFault">Told, on the device's thread, what the program or a work item threw. The program is not called again after that but to dispose it.</param>
    /// <exception cref="InvalidOperationException">Another program is open.</exception>
    /// <exception cref="ObjectDisposedException">The thread was stopped.</exception>
    public DeviceSession Open(IDeviceProgram program, Action<Exception> onFault)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_open is not null)
            {
                throw new InvalidOperationException($"the device {Name} runs another program; close its session first");
            }

            _open = new DeviceSession(this, program, onFault);
            Monitor.Pulse(_gate);
            return _open;
        }
    }

    /// <summary>Ends the open program, disposes it on the device's thread and joins the thread.</summary>
    public void Dispose() => Stop();

    /// <summary>Does what <see cref="Dispose"/> does, and tells whether the thread ended in time. A thread that did not is left to end by itself.</summary>
    public bool Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            _open = null;
            _queue.Clear();
            Monitor.Pulse(_gate);
        }

        return IsCurrent || _thread.Join(_stopTimeout);
    }

    internal DevicePost TryPost(DeviceSession session, Action work)
    {
        lock (_gate)
        {
            if (_open != session)
            {
                return DevicePost.Closed;
            }

            if (_queue.Count >= _capacity)
            {
                return DevicePost.QueueFull;
            }

            _queue.Add(work);
            Monitor.Pulse(_gate);
            return DevicePost.Accepted;
        }
    }

    internal void Close(DeviceSession session)
    {
        lock (_gate)
        {
            if (_open == session)
            {
                _open = null;
                _queue.Clear();
                Monitor.Pulse(_gate);
            }
        }
    }

    private void Run()
    {
        while (WaitForWork(out var open))
        {
            _usage.Begin();
            if (open != _running)
            {
                Switch(open);
            }
            else
            {
                Guard(RunSlice);
            }

            _usage.End();
        }

        Switch(null);
    }

    /// <summary>Waits until there is something to do; false when the thread has to end.</summary>
    private bool WaitForWork(out DeviceSession? open)
    {
        lock (_gate)
        {
            while (!_stopping && _open == _running && _queue.Count == 0 && !_advancing)
            {
                Monitor.Wait(_gate);
            }

            open = _open;
            if (open == _running)
            {
                (_batch, _queue) = (_queue, _batch);
            }

            return !_stopping;
        }
    }

    private void RunSlice()
    {
        try
        {
            foreach (var work in _batch)
            {
                work();
            }
        }
        finally
        {
            _batch.Clear();
        }

        _advancing = _running!.Program.Advance();
    }

    private void Switch(DeviceSession? next)
    {
        if (_running is { } ended)
        {
            try
            {
                ended.Program.Dispose();
            }
            catch (Exception exception)
            {
                Report(ended, exception);
            }
        }

        _running = next;
        _advancing = false;
        if (next is not null)
        {
            Guard(next.Program.Start);
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            var failed = _running!;
            _advancing = false;
            Close(failed);
            Report(failed, exception);
        }
    }

    private void Report(DeviceSession session, Exception exception)
    {
        try
        {
            session.ReportFault(exception);
        }
        catch (Exception second)
        {
            Trace.TraceError($"device {Name}: {exception}; and the report of it failed: {second}");
        }
    }
}
