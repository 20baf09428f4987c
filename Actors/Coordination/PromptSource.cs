namespace Intellect3.Actors.Coordination;

/// <summary>What a prompt is drawn from: a task of a version of an environment.</summary>
public sealed record PromptSource(string Environment, string Version, long TaskIndex);
