using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Intellect3.Actors.Administration;

namespace Intellect3.Actors.Coordination;

/// <summary>What coordinators measure: how the run of each that lives stood last. A coordinator that is gone leaves nothing behind.</summary>
internal static class RunMetrics
{
    private static readonly Meter Meter = new("Intellect3.Actors.Coordination");
    private static readonly ConcurrentDictionary<object, Reading> Readings = new(ReferenceEqualityComparer.Instance);

    private static readonly Dictionary<PromptState, string> States = Enum.GetValues<PromptState>().ToDictionary(s => s, s => JsonNamingPolicy.SnakeCaseLower.ConvertName(s.ToString()));

    static RunMetrics()
    {
        Gauge("step", null, "Reinforcement-learning steps committed", r => r.Step);
        Gauge("policy_version", null, "Number of the newest policy version", r => r.Status.Version.Number);
        Gauge("reward", null, "Mean reward of the last batch", r => r.Status.RewardHistory.Count > 0 ? r.Status.RewardHistory[^1] : null);
        Gauge("staleness", "{version}", "Mean staleness of the last batch", r => r.Status.Staleness);
        Gauge("groups_in_flight", "{group}", "Groups that are generated or scored", r => r.Status.GroupsInFlight);
        Gauge("groups_waiting", "{group}", "Delivered groups that wait for a batch", r => r.Status.GroupsWaiting);
        Meter.CreateObservableGauge(
            "intellect3.run.prompts",
            () => from reading in Readings.Values from state in States select new Measurement<long>(reading.Prompts.GetValueOrDefault(state.Key), Run(reading), new("state", state.Value)),
            "{prompt}",
            "Prompts by their state");
    }

    /// <summary>How a coordinator's run stands from now on.</summary>
    /// <param name="coordinator">Who says so.</param>
    public static void Show(object coordinator, RunState state, RunStatus status) => Readings[coordinator] = new Reading(status, state.Step, state.Count());

    /// <summary>The coordinator ends.</summary>
    public static void Hide(object coordinator) => Readings.TryRemove(coordinator, out _);

    private static void Gauge(string name, string? unit, string description, Func<Reading, double?> value) => Meter.CreateObservableGauge(
        $"intellect3.run.{name}",
        () => from reading in Readings.Values let measured = value(reading) where measured is not null select new Measurement<double>(measured.Value, Run(reading)),
        unit,
        description);

    private static KeyValuePair<string, object?> Run(Reading reading) => new("run", Path.GetFileName(reading.Status.Run));

    private sealed record Reading(RunStatus Status, int Step, IReadOnlyDictionary<PromptState, int> Prompts);
}
