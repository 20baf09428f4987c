namespace Intellect3.Actors.Coordination;

/// <summary>An environment version and its share of new prompts.</summary>
public sealed record CurriculumEntry(string Environment, string Version, double Weight);
