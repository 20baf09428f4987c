namespace Intellect3.Model.Inference;

/// <summary>One sequence to continue: tokens in, tokens out.</summary>
public sealed record GenerationRequest
{
    /// <summary>Chosen by the caller, unique among the engine's live requests.</summary>
    public required long Id { get; init; }

    /// <summary>The whole prefix, at least one token.</summary>
    public required ReadOnlyMemory<int> PromptIds { get; init; }

    /// <summary>The most tokens to sample, at least 1.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Sampling one of these ends the sequence; the token is part of the result.</summary>
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    public SamplingParameters Sampling { get; init; } = SamplingParameters.Default;

    public required SamplingKey Key { get; init; }
}
