using System.CommandLine;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>How commands are given the admin token.</summary>
internal static class CommonTokens
{
    /// <summary>The environment variable that is read when the switch is not given.</summary>
    public const string Variable = "INTELLECT3_TOKEN";

    /// <summary>The switch's value, else the variable's; null when neither is there.</summary>
    public static string? Read(ParseResult call, Option<string?> option, HostContext context) => call.GetValue(option) ?? (context.Variable(Variable) is { Length: > 0 } token ? token : null);

    public static Option<string?> Option() => new("--token")
    {
        HelpName = "TOKEN",
        Description = $"The admin token: needed to change a cluster whose endpoints are open to a network. Default: {Variable}.",
    };
}
