using System.CommandLine;

namespace Intellect3.Cluster.Host;

/// <summary>Says what is wrong with a call that the parser did not understand.</summary>
internal static class WrongCalls
{
    public static CommandException Explain(ParseResult call)
    {
        var command = call.CommandResult.Command;
        var path = PathOf(call);
        if (call.UnmatchedTokens is [var word, ..])
        {
            var isOption = word.StartsWith('-');
            var known = isOption ? command.Options.Select(option => option.Name).Append("--help") : command.Subcommands.Select(subcommand => subcommand.Name);
            return new CommandException($"unknown {(isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument")} '{word}'", CommandException.DidYouMean(word, known), $"See `{path} --help`.");
        }

        if (command.Subcommands.Count > 0)
        {
            return new CommandException($"'{path}' needs a command", $"One of: {string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name))}.", $"See `{path} --help`.");
        }

        return new CommandException(call.Errors[0].Message.TrimEnd('.'), null, $"See `{path} --help`.");
    }

    // The words that lead to the command, the program's first.
    private static string PathOf(ParseResult call)
    {
        var names = new List<string>();
        for (var result = call.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command is RootCommand ? "intellect3" : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
