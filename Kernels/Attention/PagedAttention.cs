using Intellect3.Kernels.Features;
using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Attention;

/// <summary>
/// Causal grouped-query attention of one token over a paged cache. Scores, weights and sums are formed in order of the positions, so the result does not
/// depend on which blocks hold them, on the other rows, or on how the prefix came into the cache.
/// </summary>
public static unsafe class PagedAttention
{
    /// <param name="path">The instruction set.</param>
    /// <param name="queries">[query heads, dimension]; head h reads key-value head h / (query heads / key-value heads).</param>
    /// <param name="cache">The layer's cache.</param>
    /// <param name="blockTable">The blocks of positions 0, 1 ... in order.</param>
    /// <param name="positions">Positions attended to: the token's own and all before.</param>
    /// <param name="scale">Factor of the scores, 1 / sqrt(dimension) as a rule.</param>
    /// <param name="scores">Scratch, at least <see cref="ScratchSize"/>.</param>
    /// <param name="output">Receives [query heads, dimension].</param>
    /// <exception cref="ArgumentException">A span is too short, the heads do not divide, or the cache has no such block.</exception>
    public static void Attend(KernelPath path, ReadOnlySpan<float> queries, PagedCache cache, ReadOnlySpan<int> blockTable, int positions, float scale, Span<float> scores, Span<float> output)
    {
        ArgumentNullException.ThrowIfNull(cache);
        var heads = queries.Length / cache.Dimension;
        if (heads % cache.Heads != 0 || heads * cache.Dimension != queries.Length || output.Length < queries.Length)
        {
            throw new ArgumentException($"queries of {queries.Length} do not divide over {cache.Heads} heads of {cache.Dimension}");
        }

        if (positions < 1 || blockTable.Length * (long)cache.BlockTokens < positions || scores.Length < ScratchSize(positions, cache.BlockTokens))
        {
            throw new ArgumentException($"{positions} positions do not fit {blockTable.Length} blocks and {scores.Length} scores");
        }

        foreach (var block in blockTable[..((positions - 1) / cache.BlockTokens + 1)])
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)cache.Blocks, nameof(blockTable));
        }

        var group = heads / cache.Heads;
        fixed (float* q = queries, s = scores, o = output)
        {
            for (var head = 0; head < heads; head++)
            {
                float* query = q + head * cache.Dimension, to = o + head * cache.Dimension;
                var kv = head / group;
                switch (path)
                {
                    case KernelPath.Avx512:
                        Head<Lanes512>(query, cache, kv, blockTable, positions, scale, s, to);
                        break;
                    case KernelPath.Avx2:
                        Head<Lanes256>(query, cache, kv, blockTable, positions, scale, s, to);
                        break;
                    case KernelPath.AdvSimd:
                        Head<Lanes128>(query, cache, kv, blockTable, positions, scale, s, to);
                        break;
                    default:
                        Head<Lane>(query, cache, kv, blockTable, positions, scale, s, to);
                        break;
                }
            }
        }
    }

    /// <summary>Floats of scratch for so many positions.</summary>
    public static int ScratchSize(int positions, int blockTokens) => (positions + blockTokens - 1) / blockTokens * blockTokens;

    private static void Head<T>(float* query, PagedCache cache, int kv, ReadOnlySpan<int> blockTable, int positions, float scale, float* scores, float* output)
        where T : struct, ILanes<T>
    {
        Score<T>(query, cache, kv, blockTable, positions, scale, scores);
        var inverse = 1f / Exponentiate<T>(scores, positions);
        Sum<T>(scores, cache, kv, blockTable, positions, inverse, output);
    }

    /// <summary>
    /// The scores of four vectors of positions at a time, whichever blocks hold them; each score is one sum over the dimensions. The last vector's scores
    /// beyond the positions mean nothing.
    /// </summary>
    private static void Score<T>(float* query, PagedCache cache, int kv, ReadOnlySpan<int> blockTable, int positions, float scale, float* scores)
        where T : struct, ILanes<T>
    {
        var (dimension, stride, factor) = (cache.Dimension, cache.BlockTokens, T.Broadcast(scale));
        var at = 0;
        for (; at + 3 * T.Count < positions; at += 4 * T.Count)
        {
            float* key0 = Keys(cache, kv, blockTable, at), key1 = Keys(cache, kv, blockTable, at + T.Count);
            float* key2 = Keys(cache, kv, blockTable, at + 2 * T.Count), key3 = Keys(cache, kv, blockTable, at + 3 * T.Count);
            T a = T.Zero, b = T.Zero, c = T.Zero, d = T.Zero;
            for (nint i = 0, offset = 0; i < dimension; i++, offset += stride)
            {
                var q = T.Broadcast(query[i]);
                a = T.Fma(q, T.Load(key0 + offset), a);
                b = T.Fma(q, T.Load(key1 + offset), b);
                c = T.Fma(q, T.Load(key2 + offset), c);
                d = T.Fma(q, T.Load(key3 + offset), d);
            }

            T.Store(scores + at, T.Multiply(a, factor));
            T.Store(scores + at + T.Count, T.Multiply(b, factor));
            T.Store(scores + at + 2 * T.Count, T.Multiply(c, factor));
            T.Store(scores + at + 3 * T.Count, T.Multiply(d, factor));
        }

        for (; at < positions; at += T.Count)
        {
            var key = Keys(cache, kv, blockTable, at);
            var a = T.Zero;
            for (nint i = 0, offset = 0; i < dimension; i++, offset += stride)
            {
                a = T.Fma(T.Broadcast(query[i]), T.Load(key + offset), a);
            }

            T.Store(scores + at, T.Multiply(a, factor));
        }
    }

    private static float* Keys(PagedCache cache, int kv, ReadOnlySpan<int> blockTable, int position) =>
        cache.KeyBlock(blockTable[position / cache.BlockTokens], kv) + position % cache.BlockTokens;

    /// <summary>Replaces scores by exp(score - max) and returns their sum: sixteen partial sums by position, then a fixed tree.</summary>
    private static float Exponentiate<T>(float* scores, int positions)
        where T : struct, ILanes<T>
    {
        var whole = positions - positions % LaneMath.PartialSums;
        var max = LaneMath.Max<T>(scores, positions);
        var shift = T.Broadcast(max);
        var sums = stackalloc float[LaneMath.PartialSums];
        new Span<float>(sums, LaneMath.PartialSums).Clear();
        for (var i = 0; i < whole; i += LaneMath.PartialSums)
        {
            for (var lane = 0; lane < LaneMath.PartialSums; lane += T.Count)
            {
                var e = LaneMath.Exp(T.Subtract(T.Load(scores + i + lane), shift));
                T.Store(scores + i + lane, e);
                T.Store(sums + lane, T.Add(T.Load(sums + lane), e));
            }
        }

        for (var i = whole; i < positions; i++)
        {
            Lane.Store(scores + i, LaneMath.Exp(Lane.Subtract(Lane.Load(scores + i), Lane.Broadcast(max))));
            sums[i - whole] += scores[i];
        }

        return LaneMath.Tree(sums);
    }

    /// <summary>The weighted sum of the values, in order of the positions; two vectors of dimensions at a time.</summary>
    private static void Sum<T>(float* weights, PagedCache cache, int kv, ReadOnlySpan<int> blockTable, int positions, float inverse, float* output)
        where T : struct, ILanes<T>
    {
        var (dimension, blockTokens, factor) = (cache.Dimension, cache.BlockTokens, T.Broadcast(inverse));
        var at = 0;
        for (; at <= dimension - 2 * T.Count; at += 2 * T.Count)
        {
            T a = T.Zero, b = T.Zero;
            for (var start = 0; start < positions; start += blockTokens)
            {
                var value = cache.ValueBlock(blockTable[start / blockTokens], kv) + at;
                var end = Math.Min(positions, start + blockTokens);
                for (var i = start; i < end; i++, value += dimension)
                {
                    var w = T.Broadcast(weights[i]);
                    a = T.Fma(w, T.Load(value), a);
                    b = T.Fma(w, T.Load(value + T.Count), b);
                }
            }

            T.Store(output + at, T.Multiply(a, factor));
            T.Store(output + at + T.Count, T.Multiply(b, factor));
        }

        for (; at <= dimension - T.Count; at += T.Count)
        {
            T.Store(output + at, T.Multiply(Column<T>(weights, cache, kv, blockTable, positions, at), factor));
        }

        for (; at < dimension; at++)
        {
            Lane.Store(output + at, Lane.Multiply(Column<Lane>(weights, cache, kv, blockTable, positions, at), Lane.Broadcast(inverse)));
        }
    }

    private static T Column<T>(float* weights, PagedCache cache, int kv, ReadOnlySpan<int> blockTable, int positions, int at)
        where T : struct, ILanes<T>
    {
        var sum = T.Zero;
        for (var i = 0; i < positions; i++)
        {
            var value = cache.ValueBlock(blockTable[i / cache.BlockTokens], kv) + (nint)(i % cache.BlockTokens) * cache.Dimension + at;
            sum = T.Fma(T.Broadcast(weights[i]), T.Load(value), sum);
        }

        return sum;
    }
}
