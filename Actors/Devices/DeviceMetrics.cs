using System.Diagnostics.Metrics;

namespace Intellect3.Actors.Devices;

/// <summary>What devices measure.</summary>
internal static class DeviceMetrics
{
    private static readonly Meter Meter = new("Intellect3.Actors.Devices");

    /// <summary>From the request to swap weights to the swap between two steps.</summary>
    public static Histogram<double> SwapDelay { get; } = Meter.CreateHistogram<double>("intellect3.engine.swap_delay", "s", "From the request to swap weights to the swap");
}
