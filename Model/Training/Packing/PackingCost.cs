using Intellect3.Model.Configuration;

namespace Intellect3.Model.Training.Packing;

/// <summary>What sequences cost: <c>linear * n + quadratic * n^2</c> each.</summary>
public readonly record struct PackingCost(long Linear, long Quadratic)
{
    /// <summary>Tokens alone.</summary>
    public static PackingCost Tokens { get; } = new(1, 0);

    /// <summary>Multiply-adds of projections, feed-forward, head and attention of a dense decoder, as prime-rl's <c>build_bin_cost</c> counts them.</summary>
    public static PackingCost Of(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        long hidden = config.HiddenSize, heads = config.AttentionHeads, dimension = config.HeadDimension;
        var projections = 2 * hidden * dimension * (heads + 2L * config.KeyValueHeads);
        var layer = projections + 2 * hidden * hidden + 6 * hidden * config.IntermediateSize;
        return new PackingCost(config.Layers * layer + 2 * hidden * config.VocabularySize, config.Layers * 2L * heads * dimension);
    }

    /// <summary>The cost of a sequence of that length.</summary>
    public long Of(long length) => Linear * length + Quadratic * length * length;
}
