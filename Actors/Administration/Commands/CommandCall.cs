using System.Globalization;

namespace Intellect3.Actors.Administration.Commands;

/// <summary>A command with the values of its arguments, all of them of the right kind.</summary>
/// <param name="Command">The command.</param>
/// <param name="Values">By the argument's name; what was not given is absent.</param>
/// <param name="Json">True when a program asked.</param>
public sealed record CommandCall(CommandDefinition Command, IReadOnlyDictionary<string, IReadOnlyList<string>> Values, bool Json)
{
    public bool Has(string argument) => Values.ContainsKey(argument);

    public IReadOnlyList<string> All(string argument) => Values.GetValueOrDefault(argument, []);

    public string? Text(string argument) => All(argument) is [.., var last] ? last : null;

    public int Count(string argument, int otherwise) => Text(argument) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public double Number(string argument, double otherwise) => Text(argument) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    public TimeSpan Duration(string argument, TimeSpan otherwise) => Text(argument) is { } text ? ArgumentValues.ParseDuration(text)!.Value : otherwise;
}
