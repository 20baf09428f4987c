using System.Globalization;

namespace Intellect3.Actors.Administration.Commands;

/// <summary>Which texts are values of which kind.</summary>
internal static class ArgumentValues
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>What a value of the kind looks like, when the text is none; null when it is one.</summary>
    public static string? Problem(ArgumentKind kind, string text) => kind switch
    {
        ArgumentKind.Count when !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0) => "a whole number from 1",
        ArgumentKind.Number when !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= 0) => "a number of 0 or more",
        ArgumentKind.Duration when ParseDuration(text) is null => "a number and a unit, as 500ms, 30s, 5m or 2h",
        _ => null,
    };

    public static TimeSpan? ParseDuration(string text)
    {
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds is > 0 and < 1e9)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }

        return null;
    }
}
