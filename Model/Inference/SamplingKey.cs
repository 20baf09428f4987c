namespace Intellect3.Model.Inference;

/// <summary>
/// Names the random stream of a sequence. The token at an absolute position is a function of (weights, prefix, key, position) alone, so an attempt
/// repeated under the same key repeats its tokens.
/// </summary>
public readonly record struct SamplingKey(ulong RunSeed, ulong Prompt, int Rollout);
