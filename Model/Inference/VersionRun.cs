namespace Intellect3.Model.Inference;

/// <summary>A run of consecutive sampled tokens of one policy version.</summary>
public readonly record struct VersionRun(PolicyVersion Version, int Count);
