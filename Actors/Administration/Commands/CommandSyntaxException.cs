namespace Intellect3.Actors.Administration.Commands;

/// <summary>A command was called wrongly; nothing was done.</summary>
/// <param name="what">What is wrong.</param>
/// <param name="why">What is allowed; may be empty.</param>
/// <param name="remedy">What to do next.</param>
public sealed class CommandSyntaxException(string what, string why, string remedy) : Exception(what)
{
    public string Why { get; } = why;

    public string Remedy { get; } = remedy;
}
