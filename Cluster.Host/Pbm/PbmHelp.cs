using Intellect3.Actors.Administration.Commands;

namespace Intellect3.Cluster.Host.Pbm;

/// <summary>Help made from downloaded palettes. Pure.</summary>
internal static class PbmHelp
{
    /// <summary>The word that asks for it.</summary>
    public const string Word = "help";

    /// <summary>All palettes, one palette, or one command of it.</summary>
    /// <exception cref="CommandException">There is none of these names.</exception>
    public static IEnumerable<string> Of(IReadOnlyList<Palette> palettes, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return Aligned(palettes.Select(p => (p.Name, p.Description))).Append("").Append($"`{Word} PALETTE` lists its commands, `{Word} PALETTE COMMAND` the switches of one. Every command takes {CommandParser.Json}.");
        }

        var palette = Find(palettes, names[0], p => p.Name, "palette");
        return names.Count == 1
            ? Aligned(palette.Commands.Select(c => (CommandParser.Usage(c), c.Description))).Prepend($"{palette.Name}: {palette.Description}")
            : OfCommand(palette, Find(palette.Commands, names[1], c => c.Name, $"command of '{palette.Name}'"));
    }

    private static IEnumerable<string> OfCommand(Palette palette, CommandDefinition command)
    {
        yield return $"{palette.Name} {CommandParser.Usage(command)}";
        yield return $"  {command.Description}";
        foreach (var line in Aligned(command.Arguments.Select(a => (
            a.Switches.Count > 0 ? string.Join(", ", a.Switches) : a.Name.ToUpperInvariant(),
            a.Description + (a.Suggestions.Count > 0 ? $" ({string.Join(", ", a.Suggestions)})" : "")))))
        {
            yield return line;
        }

        if (command.Changes)
        {
            yield return "  It changes something: it needs --token where the node has an admin token.";
        }

        if (command.Streams)
        {
            yield return "  It runs until Ctrl-C.";
        }
    }

    private static T Find<T>(IReadOnlyList<T> known, string name, Func<T, string> nameOf, string kind)
        where T : class =>
        known.FirstOrDefault(k => nameOf(k) == name) ?? throw new CommandException(
            $"unknown {kind} '{name}'",
            CommandException.DidYouMean(name, known.Select(nameOf)) is { Length: > 0 } near ? near : $"Known: {string.Join(", ", known.Select(nameOf))}.",
            $"`{Word}` lists them.");

    private static IEnumerable<string> Aligned(IEnumerable<(string Name, string Text)> rows)
    {
        const int widest = 44;
        var list = rows.ToList();
        var width = list.Select(r => r.Name.Length).Where(l => l <= widest).DefaultIfEmpty(0).Max();
        return list.Select(r => $"  {r.Name.PadRight(width)}  {r.Text}");
    }
}
