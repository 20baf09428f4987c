namespace Intellect3.Model.Inference;

/// <summary>What an engine can serve.</summary>
/// <param name="VocabularySize">Token ids are below this.</param>
/// <param name="MaxPositions">The longest sequence, in tokens.</param>
/// <param name="CacheTokens">Tokens that the whole cache holds.</param>
public sealed record RequestLimits(int VocabularySize, int MaxPositions, int CacheTokens)
{
    /// <summary>Accepts a request that can be served.</summary>
    /// <exception cref="InvalidGenerationRequestException">It cannot; the message says why, and the limit.</exception>
    public void Check(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if ((PromptProblem(request.PromptIds.Span) ?? LengthProblem(request) ?? SamplingProblem(request.Sampling)) is { } problem)
        {
            throw new InvalidGenerationRequestException($"request {request.Id}: {problem}");
        }
    }

    private string? PromptProblem(ReadOnlySpan<int> prompt)
    {
        var outside = prompt.IndexOfAnyExceptInRange(0, VocabularySize - 1);
        return prompt.IsEmpty ? "the prompt is empty; it has at least 1 token"
            : outside >= 0 ? $"prompt token {prompt[outside]} at position {outside} is not in the vocabulary; ids are between 0 and {VocabularySize - 1}"
            : prompt.Length >= MaxPositions ? $"the prompt has {prompt.Length} tokens; it can have at most {MaxPositions - 1}, so that one more fits the longest sequence"
            : null;
    }

    private string? LengthProblem(GenerationRequest request)
    {
        // The last token sampled is never attended to.
        var cached = Math.Min((long)request.PromptIds.Length + request.MaxTokens, MaxPositions) - 1;
        return request.MaxTokens < 1 ? $"the token limit is {request.MaxTokens}; it is at least 1"
            : cached > CacheTokens ? $"{request.PromptIds.Length} prompt tokens and up to {request.MaxTokens} more need room for {cached} in the cache, which holds {CacheTokens}; lower the token limit or enlarge the cache"
            : null;
    }

    private static string? SamplingProblem(SamplingParameters sampling) =>
        !(sampling.Temperature >= 0 && float.IsFinite(sampling.Temperature)) ? $"the temperature is {sampling.Temperature}; it is finite and at least 0"
        : sampling.TopK < 0 ? $"top-k is {sampling.TopK}; it is at least 0 (0 keeps all)"
        : sampling.TopP is not (> 0 and <= 1) ? $"top-p is {sampling.TopP}; it is between 0 and 1, and not 0"
        : sampling.MinP is not (>= 0 and <= 1) ? $"min-p is {sampling.MinP}; it is between 0 and 1"
        : null;
}
