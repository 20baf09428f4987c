using System.Text.Json;

namespace Intellect3.Cluster.Host.Display;

/// <summary>What the end of a run shows of RUNDIR/summary.json.</summary>
internal sealed record RunSummary
{
    /// <summary>The file as it is, on one line.</summary>
    public required string Line { get; init; }

    /// <summary>The evaluations there are, in order: their names and their greedy and sampled scores.</summary>
    public required IReadOnlyList<(string Name, double Greedy, double Sampled)> Evaluations { get; init; }

    /// <summary>Seconds of the whole run, or null.</summary>
    public double? Seconds { get; init; }

    /// <exception cref="JsonException">The text is not a summary.</exception>
    public static RunSummary Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new RunSummary
        {
            Line = JsonSerializer.Serialize(root, Json.Options),
            Evaluations =
            [
                .. from stage in (IEnumerable<(string Key, string Name)>)[("before", "before"), ("after_sft", "after warm-up"), ("after", "after RL")]
                   where root.TryGetProperty(stage.Key, out var scores) && scores.ValueKind == JsonValueKind.Object
                   let found = root.GetProperty(stage.Key)
                   select (stage.Name, found.GetProperty("greedy").GetDouble(), found.GetProperty("sampled").GetDouble()),
            ],
            Seconds = root.TryGetProperty("seconds", out var seconds) && seconds.TryGetProperty("total", out var total) ? total.GetDouble() : null,
        };
    }
}
