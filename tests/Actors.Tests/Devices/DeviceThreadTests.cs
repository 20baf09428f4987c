using Intellect3.Actors.Devices;

namespace Intellect3.Actors.Tests.Devices;

public sealed class DeviceThreadTests
{
    private readonly TaskCompletionSource<Exception> _fault = NewSignal<Exception>();

    [Fact]
    public async Task A_program_is_called_on_the_devices_thread_alone_from_start_to_end()
    {
        using var device = NewDevice();
        var program = new FakeProgram();
        using var session = Open(device, program);
        await Run(session, () => program.Record(device.IsCurrent ? "work" : "work elsewhere"));
        session.Dispose();
        await Expect.Of(program.Disposed, "the program's end");

        Assert.Equal(["start", "work", "advance", "dispose"], program.CallNames);
        Assert.Single(program.Calls.Select(c => c.Thread).Distinct());
        Assert.NotEqual(Environment.CurrentManagedThreadId, program.Calls.First().Thread);
        Assert.False(device.IsCurrent);
    }

    [Fact]
    public async Task A_program_advances_while_it_has_more_to_do_and_again_after_work()
    {
        using var device = NewDevice();
        var idle = NewSignal<bool>();
        var program = new FakeProgram { OnAdvance = n => n < 3 || (n == 3 && !idle.TrySetResult(true)) };
        using var session = Open(device, program);
        await Run(session, () => program.Record("first"));
        await Expect.Of(idle.Task, "the third slice");
        await Run(session, () => program.Record("second"));
        session.Dispose();
        await Expect.Of(program.Disposed, "the program's end");

        Assert.Equal(["start", "first", "advance", "advance", "advance", "second", "advance", "dispose"], program.CallNames);
    }

    [Fact]
    public async Task Work_comes_between_slices()
    {
        using var device = NewDevice();
        DeviceSession? session = null;
        FakeProgram? program = null;
        program = new FakeProgram
        {
            OnAdvance = n =>
            {
                if (n <= 2)
                {
                    session!.TryPost(() => program!.Record($"work {n}"));
                }

                return n < 3;
            },
        };
        session = Open(device, program);
        await Run(session, () => { });
        session.Dispose();
        await Expect.Of(program.Disposed, "the program's end");

        Assert.Equal(["start", "advance", "work 1", "advance", "work 2", "advance"], program.CallNames.Take(6));
    }

    [Fact]
    public async Task A_full_queue_refuses_and_does_not_wait()
    {
        using var device = NewDevice(capacity: 2);
        using var gate = new ManualResetEventSlim();
        var blocked = NewSignal<bool>();
        using var session = Open(device, new FakeProgram());
        session.TryPost(() =>
        {
            blocked.SetResult(true);
            gate.Wait(Expect.Soon);
        });
        await Expect.Of(blocked.Task, "the blocking work to begin");

        Assert.Equal(DevicePost.Accepted, session.TryPost(() => { }));
        Assert.Equal(DevicePost.Accepted, session.TryPost(() => { }));
        Assert.Equal(DevicePost.QueueFull, session.TryPost(() => { }));

        gate.Set();
        session.Dispose();
        Assert.Equal(DevicePost.Closed, session.TryPost(() => { }));
    }

    [Theory]
    [InlineData("start")]
    [InlineData("advance")]
    [InlineData("work")]
    public async Task A_fault_is_reported_and_the_thread_takes_the_next_program(string where)
    {
        using var device = NewDevice();
        var failing = new FakeProgram
        {
            OnStart = () => ThrowIf(where == "start"),
            OnAdvance = _ => where == "advance" ? throw new InvalidOperationException(where) : true,
        };
        var session = Open(device, failing);
        session.TryPost(() => ThrowIf(where == "work"));

        var fault = await Expect.Of(_fault.Task, "the fault to be reported");
        await Expect.Of(failing.Disposed, "the failed program's end");
        Assert.Equal(where, fault.Message);
        Assert.Equal(DevicePost.Closed, session.TryPost(() => { }));

        var next = new FakeProgram();
        using var second = Open(device, next);
        await Run(second, () => { });
        Assert.Equal(failing.Calls.First().Thread, next.Calls.First().Thread);

        void ThrowIf(bool condition)
        {
            if (condition)
            {
                throw new InvalidOperationException(where);
            }
        }
    }

    [Fact]
    public async Task A_report_that_throws_does_not_end_the_thread()
    {
        using var device = NewDevice();
        var failing = new FakeProgram { OnStart = () => throw new InvalidOperationException("start") };
        device.Open(failing, _ => throw new InvalidOperationException("report"));
        await Expect.Of(failing.Disposed, "the failed program's end");

        using var second = Open(device, new FakeProgram());
        await Run(second, () => { });
    }

    [Fact]
    public void The_device_has_one_program_at_a_time()
    {
        using var device = NewDevice();
        using var session = Open(device, new FakeProgram());

        Assert.Throws<InvalidOperationException>(() => Open(device, new FakeProgram()));
    }

    [Fact]
    public async Task Stopping_disposes_the_program_on_its_thread_and_joins()
    {
        var device = NewDevice();
        var program = new FakeProgram { OnAdvance = _ => true };
        var session = Open(device, program);
        await Run(session, () => { });

        Assert.True(device.Stop());

        Assert.Equal("dispose", program.CallNames.Last());
        Assert.Single(program.Calls.Select(c => c.Thread).Distinct());
        Assert.Throws<ObjectDisposedException>(() => Open(device, program));
    }

    [Fact]
    public async Task A_program_that_does_not_return_is_not_awaited_for_ever()
    {
        using var gate = new ManualResetEventSlim();
        var blocked = NewSignal<bool>();
        var device = new DeviceThread("fake", 1, TimeSpan.FromMilliseconds(1));
        var session = Open(device, new FakeProgram());
        session.TryPost(() =>
        {
            blocked.SetResult(true);
            gate.Wait(Expect.Soon);
        });
        await Expect.Of(blocked.Task, "the blocking work to begin");

        Assert.False(device.Stop());

        gate.Set();
    }

    private static DeviceThread NewDevice(int capacity = 8) => new("fake", capacity, Expect.Soon);

    private static TaskCompletionSource<T> NewSignal<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task Run(DeviceSession session, Action work)
    {
        var ran = NewSignal<bool>();
        Assert.Equal(DevicePost.Accepted, session.TryPost(() =>
        {
            work();
            ran.SetResult(true);
        }));
        await Expect.Of(ran.Task, "the work item to run");
    }

    private DeviceSession Open(DeviceThread device, IDeviceProgram program) => device.Open(program, exception => _fault.TrySetResult(exception));
}
