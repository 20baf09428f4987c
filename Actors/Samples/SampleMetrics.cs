using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Intellect3.Actors.Samples;

/// <summary>What sample stores measure: those that are in use.</summary>
internal static class SampleMetrics
{
    private static readonly Meter Meter = new("Intellect3.Actors.Samples");
    private static readonly ConcurrentDictionary<SampleStore, bool> Stores = new();

    static SampleMetrics()
    {
        Meter.CreateObservableUpDownCounter("intellect3.samples.in_use", () => Stores.Keys.Sum(s => s.Status.InUse), "By", "Payloads that wait to be trained on");
        Meter.CreateObservableUpDownCounter("intellect3.samples.payloads", () => Stores.Keys.Sum(s => (long)s.Status.Payloads), "{payload}", "Payloads that wait to be trained on");
    }

    /// <summary>A node begins to use a store.</summary>
    public static void Add(SampleStore store) => Stores.TryAdd(store, true);

    /// <summary>It does not use it any more.</summary>
    public static void Remove(SampleStore store) => Stores.TryRemove(store, out _);
}
