namespace Intellect3.Model.Inference;

/// <summary>Counters of an engine since its start.</summary>
/// <param name="Steps">Calls of Step that had work.</param>
/// <param name="PromptTokens">Prompt tokens admitted.</param>
/// <param name="CachedTokens">Of those, the tokens whose keys and values came from the prefix cache.</param>
/// <param name="SampledTokens">Tokens sampled.</param>
/// <param name="CacheTokens">Tokens that the cache can hold.</param>
/// <param name="CacheTokensInUse">Tokens of the cache held by running sequences.</param>
/// <param name="WeightSwaps">Swaps of weights.</param>
public readonly record struct EngineStatistics(long Steps, long PromptTokens, long CachedTokens, long SampledTokens, long CacheTokens, long CacheTokensInUse, long WeightSwaps);
