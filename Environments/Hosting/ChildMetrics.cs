using System.Diagnostics.Metrics;
using Intellect3.Environments.Episodes;

namespace Intellect3.Environments.Hosting;

/// <summary>What the child processes of packages measure.</summary>
internal static class ChildMetrics
{
    private static readonly Meter Meter = new("Intellect3.Environments.Hosting");

    /// <summary>Whatever becomes of them.</summary>
    public static Counter<long> Calls { get; } = Meter.CreateCounter<long>("intellect3.environment.calls", "{call}", "Calls of an injected environment");

    /// <summary>Calls that failed twice.</summary>
    public static Counter<long> Failures { get; } = Meter.CreateCounter<long>("intellect3.environment.failures", "{call}", "Calls of an injected environment that failed for good");

    /// <summary>Children that were started again.</summary>
    public static Counter<long> Restarts { get; } = Meter.CreateCounter<long>("intellect3.environment.restarts", "{restart}", "Restarts of an injected environment's process");

    public static void Count(Counter<long> counter, EnvironmentKey package) => counter.Add(1, new("environment", package.Name), new("version", package.Version));
}
