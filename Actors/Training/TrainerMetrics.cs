using System.Diagnostics.Metrics;
using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Training;

/// <summary>What the trainer measures.</summary>
internal static class TrainerMetrics
{
    private static readonly Meter Meter = new("Intellect3.Actors.Training");
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("intellect3.trainer.steps", "{step}", "Steps committed");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("intellect3.trainer.tokens", "{token}", "Tokens of the sequences of computed steps");

    public static void Computed(RunPhase phase, long tokens) => Tokens.Add(tokens, Tag(phase));

    public static void Committed(RunPhase phase) => Steps.Add(1, Tag(phase));

    private static KeyValuePair<string, object?> Tag(RunPhase phase) => new("phase", phase == RunPhase.Warmup ? "warmup" : "reinforcement");
}
