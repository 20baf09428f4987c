using System.CommandLine;

namespace Intellect3.Cluster.Host;

/// <summary>Says what is wrong with a call that the parser did not understand.</summary>
internal static class WrongCalls
{
    public static CommandException Explain(ParseResult call)
    {
        var command = call.CommandResult.Command;
        var path = PathOf(call);
        // An unknown option lands where an argument may stand.
        var words = call.CommandResult.Tokens.Select(token => token.Value).Concat(call.UnmatchedTokens);
        if (words.FirstOrDefault(word => word.StartsWith('-')) is { } option)
        {
            return new CommandException($"unknown option '{option}'", CommandException.DidYouMean(option, command.Options.Select(o => o.Name).Append("--help")), $"See `{path} --help`.");
        }

        if (call.UnmatchedTokens is [var word, ..])
        {
            var kind = command.Subcommands.Count > 0 ? "command" : "argument";
            return new CommandException($"unknown {kind} '{word}'", CommandException.DidYouMean(word, command.Subcommands.Select(c => c.Name)), $"See `{path} --help`.");
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
