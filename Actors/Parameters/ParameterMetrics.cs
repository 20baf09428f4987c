using System.Diagnostics.Metrics;

namespace Intellect3.Actors.Parameters;

/// <summary>What moving weights measures.</summary>
internal static class ParameterMetrics
{
    private static readonly Meter Meter = new("Intellect3.Actors.Parameters");

    /// <summary>Versions put on the shelf and announced.</summary>
    public static Counter<long> Publications { get; } = Meter.CreateCounter<long>("intellect3.parameters.publications", "{version}", "Versions published");

    private static readonly Counter<long> PulledBytes = Meter.CreateCounter<long>("intellect3.parameters.pulled", "By", "Weights pulled, whole or as changes");

    public static void Pulled(long bytes, bool whole) => PulledBytes.Add(bytes, new KeyValuePair<string, object?>("form", whole ? "whole" : "delta"));
}
