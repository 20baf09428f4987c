namespace Intellect3.Environments.Traces;

/// <summary>A run of consecutive sampled tokens that one policy version produced.</summary>
/// <param name="Lineage">The lineage of the version; a rollback opens a new one.</param>
/// <param name="Version">The version's number within the lineage.</param>
/// <param name="Count">Tokens in the run, at least 1.</param>
public readonly record struct PolicySpan(int Lineage, int Version, int Count);
