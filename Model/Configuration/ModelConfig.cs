namespace Intellect3.Model.Configuration;

/// <summary>The shape of a decoder, as a Hugging Face config.json describes it.</summary>
/// <remarks>Any size works: nothing need be a multiple of anything, but <see cref="AttentionHeads"/> of <see cref="KeyValueHeads"/>.</remarks>
public sealed record ModelConfig
{
    /// <summary>The family: <c>qwen3</c> or <c>llama</c>.</summary>
    public required string ModelType { get; init; }

    public required int VocabularySize { get; init; }

    public required int HiddenSize { get; init; }

    /// <summary>Width of the gated feed-forward layer.</summary>
    public required int IntermediateSize { get; init; }

    public required int Layers { get; init; }

    public required int AttentionHeads { get; init; }

    public required int KeyValueHeads { get; init; }

    public required int HeadDimension { get; init; }

    public double RmsNormEpsilon { get; init; } = 1e-6;

    public double RopeTheta { get; init; } = 10_000;

    public bool TieWordEmbeddings { get; init; }

    /// <summary>RMS norm of each query and key head before the rotation (qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>The longest sequence, in tokens.</summary>
    public int MaxPositions { get; init; } = 2048;

    public int? BosTokenId { get; init; }

    /// <summary>The tokens that end a sequence, the first being the one training data uses.</summary>
    public IReadOnlyList<int> EosTokenIds { get; init; } = [];

    public int? PadTokenId { get; init; }
}
