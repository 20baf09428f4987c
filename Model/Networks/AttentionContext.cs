using Intellect3.Model.Configuration;
using static TorchSharp.torch;

namespace Intellect3.Model.Networks;

/// <summary>What all layers of one forward pass share: the angles of its tokens, and how they look at one another. Lives in the pass's dispose scope.</summary>
internal abstract class AttentionContext
{
    private readonly double _scale;
    private readonly int _queriesPerKey;

    /// <param name="config">The shape.</param>
    /// <param name="rotary">The angles of every position.</param>
    /// <param name="positions">Of the pass's tokens. [tokens]</param>
    protected AttentionContext(ModelConfig config, RotaryAngles rotary, Tensor positions)
    {
        Cos = rotary.Cos.index_select(0, positions).unsqueeze(1);
        Sin = rotary.Sin.index_select(0, positions).unsqueeze(1);
        _scale = 1 / Math.Sqrt(config.HeadDimension);
        _queriesPerKey = config.AttentionHeads / config.KeyValueHeads;
    }

    /// <summary>[tokens, 1, dimension / 2]</summary>
    public Tensor Cos { get; }

    /// <summary>[tokens, 1, dimension / 2]</summary>
    public Tensor Sin { get; }

    /// <summary>Attention of one layer over rotated [tokens, heads, dimension] queries and keys, giving [tokens, heads * dimension].</summary>
    public abstract Tensor Attend(int layer, Tensor query, Tensor key, Tensor value);

    /// <summary>softmax(query key' / sqrt(dimension) + mask) value over [sequences, heads, tokens, dimension]; key-value heads are shared by groups of query heads.</summary>
    protected Tensor Attention(Tensor query, Tensor key, Tensor value, Tensor mask)
    {
        if (_queriesPerKey > 1)
        {
            key = key.repeat_interleave(_queriesPerKey, dim: 1);
            value = value.repeat_interleave(_queriesPerKey, dim: 1);
        }

        // Written out: torch's fused attention is slower backwards on a CPU at our lengths.
        return matmul((matmul(query, key.transpose(-2, -1)) * _scale + mask).softmax(-1), value);
    }
}
