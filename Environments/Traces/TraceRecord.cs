using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Intellect3.Environments.Rewards;

namespace Intellect3.Environments.Traces;

/// <summary>The JSON shape of a trace.</summary>
internal record TraceRecord
{
    [JsonConstructor]
    public TraceRecord()
    {
    }

    [SetsRequiredMembers]
    public TraceRecord(Trace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        (StopCondition, Rewards, Metrics, Errors, Nodes) = (trace.StopCondition, trace.Rewards, trace.Metrics, trace.Errors, trace.Nodes);
    }

    public required string? StopCondition { get; init; }

    public required IReadOnlyDictionary<string, RewardValue?> Rewards { get; init; }

    public required IReadOnlyDictionary<string, double> Metrics { get; init; }

    public required IReadOnlyList<TraceError> Errors { get; init; }

    public required IReadOnlyList<MessageNode> Nodes { get; init; }

    public Trace ToTrace()
    {
        var trace = new Trace { StopCondition = StopCondition };
        foreach (var node in Nodes)
        {
            if (node.Parent < -1 || node.Parent >= trace.Nodes.Count)
            {
                throw new JsonException($"Node {trace.Nodes.Count} names {node.Parent} as its parent; a parent comes before its children, and a root has -1.");
            }

            trace.Add(node);
        }

        new ScoreRecord(Rewards, Metrics, Errors).AddTo(trace);
        return trace;
    }
}
