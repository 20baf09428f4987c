using System.Globalization;
using System.Text.Json;

namespace Intellect3.Model.Files.HuggingFace;

/// <summary>The fields of a JSON object that a user may have written: what is of another kind or out of range is an error that names file and field. Absent and null are the same.</summary>
internal readonly struct JsonFields
{
    private readonly string _file;
    private readonly JsonElement _object;

    private JsonFields(string file, JsonElement element) => (_file, _object) = (file, element);

    /// <param name="json">The text.</param>
    /// <param name="file">Its file's name, for messages.</param>
    /// <exception cref="FormatException">It is not a JSON object.</exception>
    public static JsonFields Parse(string json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? new JsonFields(file, document.RootElement.Clone()) : throw new FormatException($"{file} is not a JSON object");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{file} is not JSON: {exception.Message}", exception);
        }
    }

    public FormatException Bad(string field, string problem) => new($"{_file}: '{field}' {problem}");

    /// <summary>The fields of an object within.</summary>
    public JsonFields? Object(string field) => Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new JsonFields(_file, value)
        : throw Bad(field, $"must be an object, and is {value.GetRawText()}");

    public string? Text(string field)
    {
        try
        {
            return Find(field)?.GetString();
        }
        catch (InvalidOperationException exception)
        {
            throw new FormatException(Bad(field, $"must be a text: {exception.Message}").Message, exception);
        }
    }

    public bool? Flag(string field) => Find(field) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Bad(field, $"must be true or false, and is {value.GetRawText()}");

    public int? Whole(string field, int least, int most) => Find(field) is { } value ? Whole(value, field, least, most) : null;

    /// <summary>A size, at least 1.</summary>
    public int RequiredSize(string field, int most) => Whole(field, 1, most) ?? throw Bad(field, "is missing");

    /// <summary>A finite number above 0.</summary>
    public double? Positive(string field) => Find(field) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number > 0 && double.IsFinite(number) ? number
        : throw Bad(field, $"must be a number above 0, and is {value.GetRawText()}");

    /// <summary>Whole numbers, given as one or as a list.</summary>
    public IReadOnlyList<int> OneOrMore(string field, int least, int most)
    {
        var fields = this;
        return Find(field) is not { } value ? []
            : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => fields.Whole(v, field, least, most))]
            : [Whole(value, field, least, most)];
    }

    private JsonElement? Find(string field) => _object.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private int Whole(JsonElement value, string field, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Bad(field, string.Create(CultureInfo.InvariantCulture, $"must be a whole number between {least} and {most}, and is {value.GetRawText()}"));
}
