using System.Text.Json;

namespace Intellect3.Actors.Ledger;

/// <summary>Members of a line, or an <see cref="IllegalLineException"/> that names the one that is missing.</summary>
internal static class JsonMembers
{
    public static JsonElement Member(this JsonElement line, string name) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty(name, out var value) ? value : throw new IllegalLineException($"`{name}` is missing");

    public static int Int(this JsonElement line, string name) =>
        line.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : throw new IllegalLineException($"`{name}` is not a whole number");

    public static long Long(this JsonElement line, string name) =>
        line.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : throw new IllegalLineException($"`{name}` is not a whole number");

    public static string Text(this JsonElement line, string name) =>
        line.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw new IllegalLineException($"`{name}` is not a text");

    public static List<JsonElement> List(this JsonElement line, string name) =>
        line.Member(name) is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : throw new IllegalLineException($"`{name}` is not a list");

    /// <summary>A list of (prompt, attempt), none twice.</summary>
    public static List<Attempt> Attempts(this JsonElement line, string name)
    {
        var attempts = line.List(name).ConvertAll(member => new Attempt(member.Long("prompt"), member.Int("attempt")));
        IllegalLineException.Unless(attempts.DistinctBy(a => a.Prompt).Count() == attempts.Count, $"`{name}` has a prompt twice");
        return attempts;
    }
}
