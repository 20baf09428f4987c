using FsCheck.Xunit;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Tests.Transport;

public sealed class UplinkLimitTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Nothing_is_limited_by_zero() => Assert.Null(UplinkLimit.Of(0, _time));

    [Fact]
    public void Whoever_comes_later_waits_for_those_before()
    {
        var limit = UplinkLimit.Of(1000, _time)!;

        Assert.Equal(TimeSpan.Zero, limit.Reserve(50)); // of the burst
        Assert.Equal(TimeSpan.Zero, limit.Reserve(100));
        Assert.Equal(TimeSpan.FromMilliseconds(100), limit.Reserve(1000));
        Assert.Equal(TimeSpan.FromMilliseconds(1100), limit.Reserve(1));
        _time.Advance(TimeSpan.FromMilliseconds(1101));
        Assert.Equal(TimeSpan.Zero, limit.Reserve(1));
    }

    [Property]
    public void Never_more_than_the_rate_and_a_burst_are_sent((byte Pause, ushort Bytes)[] sends)
    {
        var limit = UplinkLimit.Of(100_000, _time)!;
        var (now, sent) = (TimeSpan.Zero, 0L);
        foreach (var (pause, bytes) in sends)
        {
            _time.Advance(TimeSpan.FromMilliseconds(pause));
            now += TimeSpan.FromMilliseconds(pause);
            var at = now + limit.Reserve(bytes);

            // What was reserved before fits into the time until this one starts.
            Assert.True(sent <= 100_000 * (at.TotalSeconds + 0.0501), $"{sent} bytes by {at}");
            sent += bytes;
        }
    }
}
