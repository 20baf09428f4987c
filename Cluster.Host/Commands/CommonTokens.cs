using System.CommandLine;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>How commands are given the admin token.</summary>
internal static class CommonTokens
{
    /// <summary>The environment variable that is read when the switch is not given.</summary>
    public const string Variable = "INTELLECT3_TOKEN";

    public static Option<string?> Option() => new("--token")
    {
        HelpName = "TOKEN",
        Description = $"The admin token: needed to change a cluster whose endpoints are open to a network. Default: {Variable}.",
    };
}
