namespace Intellect3.Actors.Administration.Commands;

/// <summary>A command was called rightly and could not do it.</summary>
/// <param name="what">What failed.</param>
/// <param name="why">Why; may be empty.</param>
/// <param name="remedy">What to do next; may be empty.</param>
public sealed class CommandFailedException(string what, string why, string remedy) : Exception(what)
{
    public string Why { get; } = why;

    public string Remedy { get; } = remedy;
}
