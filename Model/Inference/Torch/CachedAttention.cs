using Intellect3.Model.Configuration;
using Intellect3.Model.Networks;
using static TorchSharp.torch;

namespace Intellect3.Model.Inference.Torch;

/// <summary>
/// Attention of a step's chunks over the cache. Every row's keys and values are written before any row attends; then the chunks of one length attend
/// together: all decoding sequences as one batch, prompts of equal length as another.
/// </summary>
internal sealed class CachedAttention : AttentionContext
{
    private readonly KeyValueCache _cache;
    private readonly Tensor _written;
    private readonly Group[] _groups;

    public CachedAttention(ModelConfig config, RotaryAngles rotary, KeyValueCache cache, StepRows rows, Tensor positions)
        : base(config, rotary, positions)
    {
        _cache = cache;
        _written = tensor(rows.CacheRows, device: positions.device);
        _groups = [.. rows.Groups.Select(g => Prepare(g, positions))];
    }

    public override Tensor Attend(int layer, Tensor query, Tensor key, Tensor value)
    {
        var (keys, values) = _cache[layer];
        keys.index_copy_(0, _written, key);
        values.index_copy_(0, _written, value);
        return cat([.. _groups.Select(g => Attend(g, query, keys, values))], dim: 0);
    }

    private static Group Prepare(StepRows.Group group, Tensor positions)
    {
        var queries = positions.narrow(0, group.FirstRow, (long)group.Chunks * group.Queries).view(group.Chunks, 1, group.Queries, 1);
        var ahead = arange(group.Keys, ScalarType.Int64, positions.device) > queries;
        return new Group(group, tensor(group.CacheRows, device: positions.device), zeros_like(ahead, ScalarType.Float32).masked_fill(ahead, float.NegativeInfinity));
    }

    private Tensor Attend(Group group, Tensor query, Tensor keys, Tensor values)
    {
        var (chunks, queries, heads, dimension) = (group.Shape.Chunks, group.Shape.Queries, query.shape[1], query.shape[2]);
        Tensor Cached(Tensor cache) => cache.index_select(0, group.CacheRows).view(chunks, group.Shape.Keys, -1, dimension).transpose(1, 2);
        var rows = query.narrow(0, group.Shape.FirstRow, (long)chunks * queries).view(chunks, queries, heads, dimension).transpose(1, 2);
        return Attention(rows, Cached(keys), Cached(values), group.Mask).transpose(1, 2).reshape((long)chunks * queries, heads * dimension);
    }

    /// <param name="Shape">Which rows of the step, and how many keys each chunk sees.</param>
    /// <param name="CacheRows">[chunks * keys]</param>
    /// <param name="Mask">0 where a query may look, minus infinity ahead of it. [chunks, 1, queries, keys]</param>
    private sealed record Group(StepRows.Group Shape, Tensor CacheRows, Tensor Mask);
}
