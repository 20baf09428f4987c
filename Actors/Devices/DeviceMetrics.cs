using System.Diagnostics.Metrics;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Devices;

/// <summary>What devices and their engines measure.</summary>
internal static class DeviceMetrics
{
    /// <summary>The meter of this folder.</summary>
    public static Meter Meter { get; } = new("Intellect3.Actors.Devices");

    private static readonly Counter<long> Sampled = Meter.CreateCounter<long>("intellect3.engine.sampled_tokens", "{token}", "Tokens sampled");
    private static readonly Counter<long> Prefilled = Meter.CreateCounter<long>("intellect3.engine.prefilled_tokens", "{token}", "Prompt tokens whose keys and values were computed");
    private static readonly Counter<long> Cached = Meter.CreateCounter<long>("intellect3.engine.cached_tokens", "{token}", "Prompt tokens found in the cache");
    private static readonly UpDownCounter<int> Sequences = Meter.CreateUpDownCounter<int>("intellect3.engine.sequences", "{sequence}", "Sequences that run, and that wait for a slot");
    private static readonly Gauge<int> Version = Meter.CreateGauge<int>("intellect3.engine.policy_version", null, "The policy version that the engine samples from");

    private static readonly Histogram<double> SwapDelay = Meter.CreateHistogram(
        "intellect3.engine.swap_delay",
        "s",
        "From the request to swap weights to the swap between two steps",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] });

    public static KeyValuePair<string, object?> Tag(string device) => new("device", device);

    public static void Swapped(KeyValuePair<string, object?> device, TimeSpan delay) => SwapDelay.Record(delay.TotalSeconds, device);

    /// <summary>Counts what an engine did from one slice to the next. Allocates nothing.</summary>
    public static void Advanced(KeyValuePair<string, object?> device, EngineStatus before, EngineStatus now)
    {
        Add(Sampled, now.Statistics.SampledTokens - before.Statistics.SampledTokens, device);
        Add(Prefilled, Computed(now) - Computed(before), device);
        Add(Cached, now.Statistics.CachedTokens - before.Statistics.CachedTokens, device);
        Move("running", now.Running - before.Running, device);
        Move("waiting", now.Waiting - before.Waiting, device);
        if (now.Version is { } version && version != before.Version)
        {
            Version.Record(version.Number, device);
        }
    }

    /// <summary>An engine is gone, and its sequences with it.</summary>
    public static void Ended(KeyValuePair<string, object?> device, EngineStatus last)
    {
        Move("running", -last.Running, device);
        Move("waiting", -last.Waiting, device);
    }

    private static long Computed(EngineStatus status) => status.Statistics.PromptTokens - status.Statistics.CachedTokens;

    private static void Add(Counter<long> counter, long tokens, KeyValuePair<string, object?> device)
    {
        if (tokens > 0)
        {
            counter.Add(tokens, device);
        }
    }

    private static void Move(string state, int by, KeyValuePair<string, object?> device)
    {
        if (by != 0)
        {
            Sequences.Add(by, device, new("state", state));
        }
    }
}
