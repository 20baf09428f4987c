using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Intellect3.Cluster.Host;

/// <summary>The usual help, and examples after that of the program itself.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Examples =
        """
        Examples:
          intellect3 train                                      the recipe parity: about a minute on two cores
          intellect3 train sort --run-dir r1 --set seed=2       another recipe, a directory of your choice, another seed
          intellect3 train --resume --run-dir r1                go on after Ctrl-C or a crash
          intellect3 eval --model r1/final --env sort -k 4      avg@4 and pass@4 of the trained model
          intellect3 config show sort                           every setting of a recipe and where it comes from

        A command that fails says what, why and what to do next. Exit codes: 0 success, 1 failure, 2 a wrong call or input.

        """;

    public override int Invoke(ParseResult parseResult)
    {
        var exit = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is RootCommand)
        {
            parseResult.InvocationConfiguration.Output.Write(Examples.ReplaceLineEndings());
        }

        return exit;
    }
}
