namespace Intellect3.Actors.Administration.Commands;

/// <summary>The commands of one subject.</summary>
public sealed record Palette(string Name, string Description, IReadOnlyList<CommandDefinition> Commands);
