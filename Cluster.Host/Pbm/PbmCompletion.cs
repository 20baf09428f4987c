using Intellect3.Actors.Administration.Commands;

namespace Intellect3.Cluster.Host.Pbm;

/// <summary>What may stand where the cursor is, from downloaded palettes. Pure.</summary>
internal sealed class PbmCompletion(IReadOnlyList<Palette> palettes)
{
    private static readonly string[] Ends = ["exit", "quit"];

    /// <summary>Words that the last word of a line can become; all that fit when it is empty.</summary>
    public IReadOnlyList<string> Of(string line)
    {
        var words = PbmWords.Split(line).ToList();
        if (line.Length == 0 || char.IsWhiteSpace(line[^1]))
        {
            words.Add("");
        }

        return [.. Fitting([.. words.SkipLast(1)]).Where(w => w.StartsWith(words[^1], StringComparison.Ordinal)).Distinct()];
    }

    private IEnumerable<string> Fitting(string[] before) => before switch
    {
        [] => [.. palettes.Select(p => p.Name), PbmHelp.Word, .. Ends],
        [PbmHelp.Word] => palettes.Select(p => p.Name),
        [PbmHelp.Word, var name] => Commands(name),
        [var name] => Commands(name),
        [var name, var command, .. var given] when Find(name, command) is { } definition => Arguments(definition, given),
        _ => [],
    };

    private static IEnumerable<string> Arguments(CommandDefinition command, string[] given)
    {
        if (given is [.., var last] && command.Arguments.FirstOrDefault(a => a.Switches.Contains(last) && a.Kind != ArgumentKind.Flag) is { } awaited)
        {
            return awaited.Suggestions;
        }

        return command.Arguments
            .Where(a => a.AllowMultiple || !a.Switches.Intersect(given).Any())
            .SelectMany(a => a.Switches.Count > 0 ? a.Switches.Where(s => s.StartsWith("--", StringComparison.Ordinal)) : a.Suggestions)
            .Append(CommandParser.Json);
    }

    private IEnumerable<string> Commands(string palette) => palettes.FirstOrDefault(p => p.Name == palette)?.Commands.Select(c => c.Name) ?? [];

    private CommandDefinition? Find(string palette, string command) => palettes.FirstOrDefault(p => p.Name == palette)?.Commands.FirstOrDefault(c => c.Name == command);
}
