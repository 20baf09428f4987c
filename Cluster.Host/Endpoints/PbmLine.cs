using System.Text.Json;
using System.Text.Json.Serialization;

namespace Intellect3.Cluster.Host.Endpoints;

/// <summary>A line of the answer: text, or data, or, as the last one, the exit code and what went wrong.</summary>
internal sealed record PbmLine
{
    /// <summary>As the endpoint's, without what a line does not have.</summary>
    public static JsonSerializerOptions Format { get; } = new(PbmEndpoint.Format) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public string? Line { get; init; }

    public JsonElement? Data { get; init; }

    public int? Exit { get; init; }

    public string? Error { get; init; }

    public string? Why { get; init; }

    public string? Remedy { get; init; }
}
