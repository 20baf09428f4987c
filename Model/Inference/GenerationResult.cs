namespace Intellect3.Model.Inference;

/// <summary>What an engine made of a <see cref="GenerationRequest"/>.</summary>
/// <param name="Id">The request's id.</param>
/// <param name="TokenIds">The sampled tokens, a final stop token included. [tokens]</param>
/// <param name="LogProbabilities">Natural-log probability of each under the temperature-scaled, untruncated distribution (at temperature 0: of the unscaled one). [tokens]</param>
/// <param name="Versions">Which policy versions sampled them; the counts add up to the number of tokens.</param>
/// <param name="Reason">Why it ended.</param>
public sealed record GenerationResult(long Id, IReadOnlyList<int> TokenIds, IReadOnlyList<float> LogProbabilities, IReadOnlyList<VersionRun> Versions, FinishReason Reason);
