using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Intellect3.Environments.Traces;

/// <summary>One line of <c>traces.jsonl</c>: whose episode it is, and its trace, in one flat object.</summary>
public sealed record EpisodeLine
{
    /// <summary>The environment's name.</summary>
    public required string Env { get; init; }

    /// <summary>Its version, or null where that is not known.</summary>
    public string? EnvVersion { get; init; }

    /// <summary>The hash of its package, or <c>built-in</c>; null where that is not known.</summary>
    public string? EnvHash { get; init; }

    /// <summary>The task's key.</summary>
    public required string Task { get; init; }

    /// <summary>The number of the prompt whose group the episode belongs to.</summary>
    public required long Group { get; init; }

    /// <summary>Which attempt at the prompt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Its place in the group, from 0.</summary>
    public required int Rollout { get; init; }

    /// <summary>The step that trained on it, or null where that is not known or never happened.</summary>
    public int? Step { get; init; }

    public required Trace Trace { get; init; }

    /// <summary>The line as JSON, without the line break; <c>reward</c> is the trace's, null when it failed.</summary>
    public string Write() => JsonSerializer.Serialize(new LineRecord(this), TraceJson.Options);

    /// <summary>The line that <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not JSON, or not such a line; the message names the place.</exception>
    public static EpisodeLine Read(string json)
    {
        var line = TraceJson.Parse<LineRecord>(json);
        return new EpisodeLine
        {
            Env = line.Env,
            EnvVersion = line.EnvVersion,
            EnvHash = line.EnvHash,
            Task = line.Task,
            Group = line.Group,
            Attempt = line.Attempt,
            Rollout = line.Rollout,
            Step = line.Step,
            Trace = line.ToTrace(),
        };
    }

    private sealed record LineRecord : TraceRecord
    {
        [JsonConstructor]
        public LineRecord()
        {
        }

        [SetsRequiredMembers]
        public LineRecord(EpisodeLine line)
            : base(line.Trace)
        {
            (Env, EnvVersion, EnvHash, Task, Group, Attempt, Rollout, Step, Reward) =
                (line.Env, line.EnvVersion, line.EnvHash, line.Task, line.Group, line.Attempt, line.Rollout, line.Step, line.Trace.Reward);
        }

        [JsonPropertyOrder(-1)]
        public required string Env { get; init; }

        [JsonPropertyOrder(-1)]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? EnvVersion { get; init; }

        [JsonPropertyOrder(-1)]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? EnvHash { get; init; }

        [JsonPropertyOrder(-1)]
        public required string Task { get; init; }

        [JsonPropertyOrder(-1)]
        public required long Group { get; init; }

        [JsonPropertyOrder(-1)]
        public required int Attempt { get; init; }

        [JsonPropertyOrder(-1)]
        public required int Rollout { get; init; }

        [JsonPropertyOrder(-1)]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Step { get; init; }

        /// <summary>Written for whoever reads the file; reading computes it from the rewards.</summary>
        [JsonPropertyOrder(-1)]
        public double? Reward { get; init; }
    }
}
