namespace Intellect3.Environments.Tasks;

/// <summary>No environment has the name asked for.</summary>
public sealed class UnknownTasksetException : Exception
{
    internal UnknownTasksetException(string name, IReadOnlyList<string> known)
        : this(name, NearestName.Of(name, known), known)
    {
    }

    private UnknownTasksetException(string name, string? nearest, IReadOnlyList<string> known)
        : base($"There is no environment '{name}'.{(nearest is null ? "" : $" Did you mean '{nearest}'?")} Known: {string.Join(", ", known)}.")
    {
        Name = name;
        Nearest = nearest;
    }

    /// <summary>What was asked for.</summary>
    public string Name { get; }

    /// <summary>The known name that was probably meant, or null when none is near.</summary>
    public string? Nearest { get; }
}
