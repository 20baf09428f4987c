using Intellect3.Environments;

namespace Intellect3.Actors.Administration.Commands;

/// <summary>Finds the palette and command of a call and reads its arguments. Pure.</summary>
public static class CommandParser
{
    /// <summary>The switch that every command has: one JSON object a line instead of text.</summary>
    public const string Json = "--json";

    /// <exception cref="CommandSyntaxException">There is no such palette or command; the nearest known one is named.</exception>
    public static CommandDefinition Find(IReadOnlyList<Palette> palettes, string palette, string command)
    {
        ArgumentNullException.ThrowIfNull(palettes);
        var found = palettes.FirstOrDefault(p => p.Name == palette)
            ?? throw Unknown("palette", palette, "", palettes.Select(p => p.Name), "`help` lists the palettes.");
        return found.Commands.FirstOrDefault(c => c.Name == command)
            ?? throw (command.Length == 0
                ? new CommandSyntaxException($"the palette '{palette}' needs a command", $"One of: {string.Join(", ", found.Commands.Select(c => c.Name))}.", $"`help {palette}` says what they do.")
                : Unknown("command", command, $" of '{palette}'", found.Commands.Select(c => c.Name), $"`help {palette}` lists its commands."));
    }

    /// <summary>Reads the arguments of a command.</summary>
    /// <exception cref="CommandSyntaxException">They are not as the command defines them.</exception>
    public static CommandCall Parse(CommandDefinition command, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(arguments);
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var places = new Queue<ArgumentDefinition>(command.Arguments.Where(a => a.Switches.Count == 0));
        var json = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == Json)
            {
                json = true;
            }
            else if (IsSwitch(word))
            {
                ReadSwitch(command, arguments, ref i, values);
            }
            else if (places.TryPeek(out var place))
            {
                Add(values, command, place, place.Name, word);
                if (!place.AllowMultiple)
                {
                    places.Dequeue();
                }
            }
            else
            {
                throw Wrong(command, $"'{command.Name}' does not take '{word}'", Usage(command));
            }
        }

        return command.Arguments.FirstOrDefault(a => a.IsMandatory && !values.ContainsKey(a.Name)) is { } missing
            ? throw Wrong(command, $"'{command.Name}' needs {NameOf(missing)}: {missing.Description}", Usage(command))
            : new CommandCall(command, values.ToDictionary(v => v.Key, IReadOnlyList<string> (v) => v.Value, StringComparer.Ordinal), json);
    }

    /// <summary>A command with its arguments as help shows it: <c>hierarchy [-d|--depth DEPTH]</c>.</summary>
    public static string Usage(CommandDefinition command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return string.Join(' ', command.Arguments.Select(a => a.IsMandatory ? Shape(a) : $"[{Shape(a)}]").Prepend(command.Name));
    }

    private static string Shape(ArgumentDefinition argument)
    {
        var value = argument.Kind == ArgumentKind.Flag ? "" : argument.Name.ToUpperInvariant();
        return string.Join(' ', ((string[])[string.Join('|', argument.Switches), value]).Where(s => s.Length > 0)) + (argument.AllowMultiple ? "..." : "");
    }

    private static void ReadSwitch(CommandDefinition command, IReadOnlyList<string> arguments, ref int i, Dictionary<string, List<string>> values)
    {
        var (name, value) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
        var argument = command.Arguments.FirstOrDefault(a => a.Switches.Contains(name))
            ?? throw Unknown("switch", name, $" of '{command.Name}'", command.Arguments.SelectMany(a => a.Switches).Append(Json), $"Usage: {Usage(command)}");
        if (argument.Kind == ArgumentKind.Flag)
        {
            if (value is not null)
            {
                throw Wrong(command, $"{name} takes no value", Usage(command));
            }

            values.TryAdd(argument.Name, []);
            return;
        }

        value ??= arguments.ElementAtOrDefault(++i);
        if (value is null || value == Json || command.Arguments.Any(a => a.Switches.Contains(value)))
        {
            throw Wrong(command, $"{name} needs a value: {argument.Description}", Usage(command));
        }

        Add(values, command, argument, name, value);
    }

    private static void Add(Dictionary<string, List<string>> values, CommandDefinition command, ArgumentDefinition argument, string name, string value)
    {
        if (ArgumentValues.Problem(argument.Kind, value) is { } expected)
        {
            throw Wrong(command, $"{name} {value} is not valid: it is {expected}", Usage(command));
        }

        if (!values.TryGetValue(argument.Name, out var given))
        {
            values[argument.Name] = given = [];
        }
        else if (!argument.AllowMultiple)
        {
            throw Wrong(command, $"{name} is given twice", Usage(command));
        }

        given.Add(value);
    }

    private static bool IsSwitch(string word) => word.Length > 1 && word[0] == '-' && !char.IsAsciiDigit(word[1]) && word[1] != '.';

    private static string NameOf(ArgumentDefinition argument) => argument.Switches is [var first, ..] ? first : argument.Name.ToUpperInvariant();

    private static CommandSyntaxException Wrong(CommandDefinition command, string what, string usage) => new(what, command.Description, $"Usage: {usage}");

    private static CommandSyntaxException Unknown(string kind, string name, string of, IEnumerable<string> known, string remedy)
    {
        var names = known.ToList();
        return new($"unknown {kind} '{name}'{of}", NearestName.Of(name, names) is { } nearest ? $"Did you mean '{nearest}'?" : $"Known: {string.Join(", ", names)}.", remedy);
    }
}
