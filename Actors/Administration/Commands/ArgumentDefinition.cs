namespace Intellect3.Actors.Administration.Commands;

/// <summary>An argument of a command: one with switches stands behind any of them, one without stands alone.</summary>
/// <param name="Name">What handlers and help call it.</param>
/// <param name="Description">For help.</param>
public sealed record ArgumentDefinition(string Name, string Description)
{
    /// <summary>As typed: <c>-d</c>, <c>--depth</c>; none for an argument that is recognised by its place.</summary>
    public IReadOnlyList<string> Switches { get; init; } = [];

    public ArgumentKind Kind { get; init; }

    public bool IsMandatory { get; init; }

    public bool AllowMultiple { get; init; }

    /// <summary>Values that completion offers.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}
