using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Intellect3.Environments.Traces;

/// <summary>
/// Traces as JSON: <c>{"stop_condition", "rewards": {name: {"score", "weight"} or null}, "metrics", "errors", "nodes": [{"parent", "message", "sampled", "token_ids", "mask", "logprobs",
/// "versions": [[lineage, version, count]]}]}</c>, on one line.
/// </summary>
public static class TraceJson
{
    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new PolicySpanConverter() },
    };

    /// <summary>A trace as one line, without the line break.</summary>
    public static string Write(Trace trace) => JsonSerializer.Serialize(new TraceRecord(trace), Options);

    /// <summary>The trace that <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not JSON, or not a trace; the message names the place.</exception>
    public static Trace Read(string json) => Parse<TraceRecord>(json).ToTrace();

    internal static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The line says null where a trace was expected.");

    private sealed class PolicySpanConverter : JsonConverter<PolicySpan>
    {
        public override PolicySpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<int[]>(ref reader, options) is [var lineage, var version, var count]
                ? new PolicySpan(lineage, version, count)
                : throw new JsonException("A version span is [lineage, version, count].");

        public override void Write(Utf8JsonWriter writer, PolicySpan value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new[] { value.Lineage, value.Version, value.Count }, options);
    }
}
