namespace Intellect3.Cluster.Host;

/// <summary>Ends a command with a few lines on standard error: what is wrong, why, and what to do next.</summary>
/// <param name="what">What is wrong, naming the setting, file or argument; no full stop.</param>
/// <param name="why">What is allowed, or what was found; a sentence, or null.</param>
/// <param name="remedy">What to do next; a sentence.</param>
/// <param name="exitCode">2 for a wrong call or input, 1 for a failure.</param>
public sealed class CommandException(string what, string? why, string remedy, int exitCode = ExitCode.BadInput) : Exception(what)
{
    public string? Why { get; } = why;

    public string Remedy { get; } = remedy;

    public int ExitCode { get; } = exitCode;

    /// <summary>" Did you mean 'x'?" after a mistyped name, or nothing when no known name is near.</summary>
    public static string DidYouMean(string name, IEnumerable<string> known) => Environments.NearestName.Of(name, known) is { } nearest ? $"Did you mean '{nearest}'?" : "";
}
