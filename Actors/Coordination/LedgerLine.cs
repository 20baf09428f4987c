using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Intellect3.Actors.Coordination;

/// <summary>One line of <c>ledger.jsonl</c>: an event under its sequence number, which starts at 1 and has no gaps.</summary>
public sealed record LedgerLine(long Sequence, RunEvent Event)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>The line as text, without the line's end.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{{\"seq\":{Sequence},{JsonSerializer.Serialize(Event, Json)[1..]}");

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static LedgerLine Read(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return new LedgerLine(document.RootElement.GetProperty("seq").GetInt64(), document.Deserialize<RunEvent>(Json)!);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or NotSupportedException)
        {
            throw new FormatException($"not a line of a ledger: {exception.Message}", exception);
        }
    }
}
