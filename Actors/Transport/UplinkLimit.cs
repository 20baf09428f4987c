namespace Intellect3.Actors.Transport;

/// <summary>Spreads what a node sends over time: a token bucket that all its senders share. Thread-safe.</summary>
/// <param name="bytesPerSecond">The rate.</param>
/// <param name="time">The clock.</param>
public sealed class UplinkLimit(long bytesPerSecond, TimeProvider time)
{
    /// <summary>How much unused time is made up for, so that a timer that fires late costs no throughput.</summary>
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();

    // Since the start: when everything reserved so far will have been sent.
    private TimeSpan _free = -Burst;

    /// <summary>The limit that a setting means: none when it is 0.</summary>
    public static UplinkLimit? Of(long bytesPerSecond, TimeProvider time) => bytesPerSecond > 0 ? new UplinkLimit(bytesPerSecond, time) : null;

    /// <summary>Reserves the uplink for some bytes and returns how long to wait before they are sent.</summary>
    public TimeSpan Reserve(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_gate)
        {
            var now = time.GetElapsedTime(_started);
            var start = _free > now - Burst ? _free : now - Burst;
            _free = start + TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            return start > now ? start - now : TimeSpan.Zero;
        }
    }

    /// <summary>Waits for its turn to send some bytes.</summary>
    public async ValueTask WaitAsync(int bytes, CancellationToken cancellation)
    {
        if (Reserve(bytes) is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellation);
        }
    }
}
