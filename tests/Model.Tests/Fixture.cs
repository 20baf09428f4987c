using System.Text.Json;

namespace Intellect3.Model.Tests;

/// <summary>Reads the files under Fixtures: what other people's code computed, each with its source.</summary>
internal static class Fixture
{
    public static JsonElement Load(string name)
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", name));
        return JsonDocument.Parse(stream).RootElement.Clone();
    }

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(x => x.ValueKind == JsonValueKind.String ? double.Parse(x.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : x.GetDouble())];

    public static double[] Doubles(this JsonElement element, string name) => element.GetProperty(name).Doubles();

    public static bool[] Flags(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(x => x.ValueKind is JsonValueKind.True || (x.ValueKind == JsonValueKind.Number && x.GetDouble() != 0))];

    public static bool IsNull(this JsonElement element, string name) => !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null;

    /// <summary>Equal to a relative tolerance of max(1, |expected|).</summary>
    public static void Close(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: expected {expected:R}, got {actual:R}");
}
