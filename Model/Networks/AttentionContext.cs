using Intellect3.Model.Configuration;
using static TorchSharp.torch;

namespace Intellect3.Model.Networks;

/// <summary>What all layers of one forward pass share: angles, the causal mask, and the maps between packed tokens and the grid of sequences. Lives in the pass's dispose scope.</summary>
internal sealed class AttentionContext
{
    private readonly Tensor? _toGrid;
    private readonly Tensor? _toPacked;
    private readonly long _sequences;
    private readonly long _longest;

    public AttentionContext(ModelConfig config, PackedTokens tokens, Tensor cos, Tensor sin)
    {
        var positions = tensor(tokens.Positions);
        Cos = cos.index_select(0, positions).unsqueeze(1);
        Sin = sin.index_select(0, positions).unsqueeze(1);
        (_sequences, _longest) = (tokens.Lengths.Length, tokens.Longest);
        Mask = full(_longest, _longest, float.NegativeInfinity).triu(1);
        Scale = 1 / Math.Sqrt(config.HeadDimension);
        if (!tokens.IsGrid)
        {
            _toGrid = tensor(tokens.GridToPacked());
            _toPacked = tensor(tokens.PackedToGrid());
        }
    }

    /// <summary>[tokens, 1, dimension / 2]</summary>
    public Tensor Cos { get; }

    /// <summary>[tokens, 1, dimension / 2]</summary>
    public Tensor Sin { get; }

    /// <summary>0 where a token may look, minus infinity ahead of it. [longest, longest]</summary>
    public Tensor Mask { get; }

    public double Scale { get; }

    /// <summary>[tokens, heads, dimension] to [sequences, heads, longest, dimension].</summary>
    public Tensor ToGrid(Tensor x)
    {
        var grid = _toGrid is null ? x : x.index_select(0, _toGrid);
        return grid.view(_sequences, _longest, x.shape[1], x.shape[2]).transpose(1, 2);
    }

    /// <summary>[sequences, heads, longest, dimension] to [tokens, heads * dimension].</summary>
    public Tensor ToPacked(Tensor x)
    {
        var rows = x.transpose(1, 2).reshape(_sequences * _longest, x.shape[1] * x.shape[3]);
        return _toPacked is null ? rows : rows.index_select(0, _toPacked);
    }
}
