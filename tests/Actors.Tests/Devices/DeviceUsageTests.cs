using Intellect3.Actors.Devices;

namespace Intellect3.Actors.Tests.Devices;

public sealed class DeviceUsageTests
{
    private readonly ManualTime _time = new();
    private readonly DeviceUsage _usage;

    public DeviceUsageTests() => _usage = new DeviceUsage("fake", _time);

    [Fact]
    public void Only_the_time_at_work_counts_also_while_it_lasts()
    {
        Pass(5);
        _usage.Begin();
        Pass(2);
        Assert.Equal(2, _usage.Busy.TotalSeconds);

        _usage.End();
        Pass(7);
        _usage.Begin();
        Pass(1);
        _usage.End();
        Pass(4);

        Assert.Equal(3, _usage.Busy.TotalSeconds);
    }

    [Fact]
    public void Threads_of_one_name_add_up()
    {
        _usage.Begin();
        Pass(1);
        _usage.Begin();
        Pass(2);
        _usage.End();
        Pass(3);
        _usage.End();
        Pass(10);

        Assert.Equal(1 + (2 * 2) + 3, _usage.Busy.TotalSeconds);
    }

    [Fact]
    public void A_device_counts_start_work_slices_and_end_and_the_next_of_its_name_goes_on_from_there()
    {
        var expected = 0;
        for (var life = 1; life <= 2; life++)
        {
            var device = new DeviceThread("fake", 8, Expect.Soon, _usage);
            var program = new FakeProgram
            {
                OnStart = () => Pass(1),
                OnAdvance = n =>
                {
                    Pass(10);
                    return n < 3;
                },
            };
            using var session = device.Open(program, exception => Assert.Fail(exception.ToString()));
            session.TryPost(() => Pass(100));
            using var idle = new ManualResetEventSlim();
            session.TryPost(idle.Set);
            Assert.True(idle.Wait(Expect.Soon), "the work was not done");
            Assert.True(device.Stop());
            Pass(1_000);
            var slices = program.Advances;

            expected += 101 + (10 * slices);
            Assert.Equal(expected, _usage.Busy.TotalSeconds);
        }
    }

    [Fact]
    public void A_program_that_fails_is_at_work_no_more()
    {
        var device = new DeviceThread("fake", 8, Expect.Soon, _usage);
        using var failed = new ManualResetEventSlim();
        using var session = device.Open(
            new FakeProgram
            {
                OnStart = () =>
                {
                    Pass(3);
                    throw new InvalidOperationException("start");
                },
            },
            _ => failed.Set());
        Assert.True(failed.Wait(Expect.Soon), "the fault was not reported");
        Assert.True(device.Stop());
        Pass(1_000);

        Assert.Equal(3, _usage.Busy.TotalSeconds);
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
