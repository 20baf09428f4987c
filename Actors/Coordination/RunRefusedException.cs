namespace Intellect3.Actors.Coordination;

/// <summary>A run cannot be started as asked.</summary>
/// <param name="what">What is wrong.</param>
/// <param name="why">Why it is; may be empty.</param>
/// <param name="remedy">What to do.</param>
public sealed class RunRefusedException(string what, string why, string remedy) : Exception(what)
{
    public string Why { get; } = why;

    public string Remedy { get; } = remedy;
}
