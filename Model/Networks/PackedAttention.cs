using Intellect3.Model.Configuration;
using static TorchSharp.torch;

namespace Intellect3.Model.Networks;

/// <summary>Causal attention within each of a pack's sequences, laid out as a grid padded to the longest.</summary>
internal sealed class PackedAttention : AttentionContext
{
    private readonly Tensor _mask;
    private readonly Tensor? _toGrid;
    private readonly Tensor? _toPacked;
    private readonly long _sequences;
    private readonly long _longest;

    public PackedAttention(ModelConfig config, RotaryAngles rotary, PackedTokens tokens)
        : base(config, rotary, tensor(tokens.Positions))
    {
        (_sequences, _longest) = (tokens.Lengths.Length, tokens.Longest);
        _mask = full(_longest, _longest, float.NegativeInfinity).triu(1);
        if (!tokens.IsGrid)
        {
            _toGrid = tensor(tokens.GridToPacked());
            _toPacked = tensor(tokens.PackedToGrid());
        }
    }

    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value)
    {
        var attended = Attention(ToGrid(query), ToGrid(key), ToGrid(value), _mask);
        var rows = attended.transpose(1, 2).reshape(_sequences * _longest, query.shape[1] * query.shape[2]);
        return _toPacked is null ? rows : rows.index_select(0, _toPacked);
    }

    /// <summary>[tokens, heads, dimension] to [sequences, heads, longest, dimension].</summary>
    private Tensor ToGrid(Tensor x)
    {
        var grid = _toGrid is null ? x : x.index_select(0, _toGrid);
        return grid.view(_sequences, _longest, x.shape[1], x.shape[2]).transpose(1, 2);
    }
}
