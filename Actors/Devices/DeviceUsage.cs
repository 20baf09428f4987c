using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Intellect3.Actors.Devices;

/// <summary>
/// How long the threads of one device name have been at work: a total that outlives them, so that a restarted device goes on counting where the one before ended. Threads of the
/// same name add up. Thread-safe; keeps nothing alive but the name.
/// </summary>
/// <param name="device">The name.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceUsage(string device, TimeProvider time)
{
    private static readonly ConcurrentDictionary<string, DeviceUsage> Known = new(StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private TimeSpan _busy;
    private long _since;
    private int _working;

    static DeviceUsage() => DeviceMetrics.Meter.CreateObservableCounter(
        "intellect3.device.busy",
        () => All.Select(usage => new Measurement<double>(usage.Busy.TotalSeconds, DeviceMetrics.Tag(usage.Device))),
        "s",
        "Time that the device's thread was at work");

    /// <summary>Every device that this process has had.</summary>
    public static IEnumerable<DeviceUsage> All => Known.Values;

    public string Device => device;

    /// <summary>Up to this moment, also in the middle of a slice.</summary>
    public TimeSpan Busy
    {
        get
        {
            lock (_gate)
            {
                return Count();
            }
        }
    }

    /// <summary>The process's total of a device.</summary>
    public static DeviceUsage Of(string device) => Known.GetOrAdd(device, name => new DeviceUsage(name, TimeProvider.System));

    /// <summary>The totals of all devices, by name.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> Read() => All.ToDictionary(usage => usage.Device, usage => usage.Busy);

    /// <summary>A thread begins to work.</summary>
    public void Begin() => Change(1);

    /// <summary>It waits again.</summary>
    public void End() => Change(-1);

    private void Change(int working)
    {
        lock (_gate)
        {
            _busy = Count();
            _since = time.GetTimestamp();
            _working += working;
        }
    }

    private TimeSpan Count() => _working == 0 ? _busy : _busy + (_working * time.GetElapsedTime(_since));
}
