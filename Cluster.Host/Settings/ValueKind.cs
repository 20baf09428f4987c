using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>How the text of a setting becomes a value and back.</summary>
internal abstract class ValueKind<T>
{
    /// <summary>Type and range in words: <c>integer, between 1 and 64</c>.</summary>
    public abstract string Description { get; }

    /// <summary>The text that <see cref="Parse"/> reads back to the same value.</summary>
    public abstract string Format(T value);

    /// <exception cref="FormatException">The text is no such value; the message says what it must be.</exception>
    public abstract T Parse(string text);
}

/// <summary>Numbers of a closed range; infinity and NaN are outside of every range.</summary>
internal sealed partial class NumberKind<T>(T minimum, T? maximum) : ValueKind<T>
    where T : struct, INumber<T>, IMinMaxValue<T>
{
    // Integral types round halves away.
    private static readonly string Name = T.One / (T.One + T.One) == T.Zero ? "integer" : "number";

    private readonly string _range = maximum is null ? $"at least {Text(minimum)}" : $"between {Text(minimum)} and {Text(maximum.Value)}";

    public override string Description => $"{Name}, {_range}";

    public override string Format(T value) => Text(value);

    public override T Parse(string text) =>
        !T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? throw new FormatException($"It must be {Article} {Name}, {_range}.")
        : value >= minimum && value <= (maximum ?? T.MaxValue) ? value
        : throw new FormatException($"It must be {_range}.");

    private static string Article => Name == "integer" ? "an" : "a";

    // 1E-05 is written 1e-5.
    private static string Text(T value) => Exponent().Replace(value.ToString(null, CultureInfo.InvariantCulture), "e$1");

    [GeneratedRegex(@"E\+?(-?)0*", RegexOptions.CultureInvariant)]
    private static partial Regex Exponent();
}

/// <summary>One of a few words.</summary>
internal sealed class ChoiceKind(params string[] choices) : ValueKind<string>
{
    public override string Description => string.Join(" | ", choices);

    public override string Format(string value) => value;

    public override string Parse(string text) =>
        choices.Contains(text) ? text : throw new FormatException($"It must be one of {string.Join(", ", choices)}. {CommandException.DidYouMean(text, choices)}".TrimEnd());
}

internal sealed class SwitchKind : ValueKind<bool>
{
    public override string Description => "on | off";

    public override string Format(bool value) => value ? "on" : "off";

    public override bool Parse(string text) => text switch
    {
        "on" or "true" or "yes" => true,
        "off" or "false" or "no" => false,
        _ => throw new FormatException("It must be on or off."),
    };
}

/// <summary>Any text.</summary>
internal sealed class TextKind : ValueKind<string>
{
    public override string Description => "text";

    public override string Format(string value) => value;

    public override string Parse(string text) => text;
}

/// <summary>Spans of time such as <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h</c>; at least a millisecond, at most a week.</summary>
internal sealed partial class DurationKind : ValueKind<TimeSpan>
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    public override string Description => "duration (500ms, 10s, 5m, 1h), between 1ms and 168h";

    public override string Format(TimeSpan value)
    {
        var (unit, length) = Units.First(u => value.Ticks % u.Length.Ticks == 0);
        return $"{value.Ticks / length.Ticks}{unit}";
    }

    public override TimeSpan Parse(string text)
    {
        var match = Duration().Match(text);
        if (!match.Success || !int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var count))
        {
            throw new FormatException("It must be a duration such as 500ms, 10s, 5m or 1h.");
        }

        var value = Units.First(u => u.Unit == match.Groups[2].Value).Length * count;
        return value >= TimeSpan.FromMilliseconds(1) && value <= TimeSpan.FromHours(168) ? value : throw new FormatException("It must be between 1ms and 168h.");
    }

    [GeneratedRegex(@"^(\d+)\s*(ms|s|m|h)$", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
