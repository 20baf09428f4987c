namespace Intellect3.Actors.Administration.Commands;

/// <summary>A command of a palette.</summary>
/// <param name="Name">As typed.</param>
/// <param name="Description">For help.</param>
/// <param name="Arguments">What it takes beside <see cref="CommandParser.Json"/>, which every command has.</param>
public sealed record CommandDefinition(string Name, string Description, params IReadOnlyList<ArgumentDefinition> Arguments)
{
    /// <summary>True when it changes something: it needs the admin token where the endpoint has one.</summary>
    public bool Changes { get; init; }

    /// <summary>True when it goes on until its caller leaves.</summary>
    public bool Streams { get; init; }
}
