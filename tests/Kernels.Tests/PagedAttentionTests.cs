using Intellect3.Kernels.Attention;
using Intellect3.Kernels.Features;

namespace Intellect3.Kernels.Tests;

public sealed class PagedAttentionTests
{
    [Theory]
    [InlineData(1, 1, 32, 16)]
    [InlineData(4, 2, 33, 16)]
    [InlineData(6, 2, 7, 32)]
    [InlineData(4, 4, 64, 64)]
    public void It_agrees_with_plain_attention_and_between_paths(int heads, int kvHeads, int dimension, int blockTokens)
    {
        foreach (var positions in (int[])[1, 2, 15, 16, 17, 63, 100])
        {
            var (queries, keys, values) = (Draws.Floats(1, heads * dimension), Draws.Floats(2, positions * kvHeads * dimension), Draws.Floats(3, positions * kvHeads * dimension));
            var reference = Run(KernelPath.Portable, queries, keys, values, kvHeads, dimension, blockTokens, positions, shuffle: false);
            Assert.All(Paths.All, path => Assert.Equal(reference, Run(path, queries, keys, values, kvHeads, dimension, blockTokens, positions, shuffle: true)));
            var expected = Plain(queries, keys, values, heads, kvHeads, dimension, positions);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], reference[i], 2e-6);
            }
        }
    }

    /// <summary>A token attends the same whether it came as a decode step or amid a prefill, whose later tokens are in the cache already.</summary>
    [Fact]
    public void Later_positions_in_the_cache_change_nothing()
    {
        const int Heads = 4, KvHeads = 2, Dimension = 24, BlockTokens = 16, Tokens = 70;
        var (queries, keys, values) = (Draws.Floats(1, Heads * Dimension), Draws.Floats(2, Tokens * KvHeads * Dimension), Draws.Floats(3, Tokens * KvHeads * Dimension));
        int[] table = [4, 0, 3, 1, 2];
        const int Row = KvHeads * Dimension;
        Assert.All(Paths.All, path =>
        {
            using var whole = new PagedCache(5, BlockTokens, KvHeads, Dimension);
            using var growing = new PagedCache(5, BlockTokens, KvHeads, Dimension);
            for (var i = 0; i < Tokens; i++)
            {
                whole.Write(table[i / BlockTokens], i % BlockTokens, keys.AsSpan(i * Row, Row), values.AsSpan(i * Row, Row));
            }

            for (var i = 0; i < Tokens; i++)
            {
                growing.Write(table[i / BlockTokens], i % BlockTokens, keys.AsSpan(i * Row, Row), values.AsSpan(i * Row, Row));
                Assert.Equal(Attend(growing, table.AsSpan(0, i / BlockTokens + 1), i + 1), Attend(whole, table, i + 1));
            }

            float[] Attend(PagedCache cache, ReadOnlySpan<int> blocks, int positions)
            {
                var output = new float[queries.Length];
                PagedAttention.Attend(path, queries, cache, blocks, positions, 0.2f, new float[PagedAttention.ScratchSize(positions, BlockTokens)], output);
                return output;
            }
        });
    }

    [Fact]
    public void Tables_and_spans_that_are_too_short_are_refused()
    {
        using var cache = new PagedCache(2, 16, 1, 8);
        Assert.Throws<ArgumentException>(() => PagedAttention.Attend(KernelPath.Portable, new float[8], cache, [0], 17, 1, new float[32], new float[8]));
        Assert.Throws<ArgumentException>(() => PagedAttention.Attend(KernelPath.Portable, new float[9], cache, [0], 3, 1, new float[32], new float[9]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PagedAttention.Attend(KernelPath.Portable, new float[8], cache, [0, 2], 17, 1, new float[32], new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PagedAttention.Attend(KernelPath.Portable, new float[8], cache, [-1], 3, 1, new float[32], new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Write(2, 0, new float[8], new float[8]));
    }

    private static float[] Run(KernelPath path, float[] queries, float[] keys, float[] values, int kvHeads, int dimension, int blockTokens, int positions, bool shuffle)
    {
        var blocks = (positions + blockTokens - 1) / blockTokens;
        using var cache = new PagedCache(blocks + 3, blockTokens, kvHeads, dimension);
        var table = Enumerable.Range(0, blocks).Select(i => shuffle ? blocks + 2 - i : i).ToArray();
        var row = kvHeads * dimension;
        for (var i = 0; i < positions; i++)
        {
            cache.Write(table[i / blockTokens], i % blockTokens, keys.AsSpan(i * row, row), values.AsSpan(i * row, row));
        }

        var output = new float[queries.Length];
        PagedAttention.Attend(path, queries, cache, table, positions, 1 / MathF.Sqrt(dimension), new float[PagedAttention.ScratchSize(positions, blockTokens)], output);
        return output;
    }

    private static double[] Plain(float[] queries, float[] keys, float[] values, int heads, int kvHeads, int dimension, int positions)
    {
        var output = new double[heads * dimension];
        for (var head = 0; head < heads; head++)
        {
            var kv = head / (heads / kvHeads);
            var scores = Enumerable.Range(0, positions)
                .Select(p => Enumerable.Range(0, dimension).Sum(d => (double)queries[head * dimension + d] * keys[(p * kvHeads + kv) * dimension + d]) / Math.Sqrt(dimension)).ToArray();
            var weights = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
            for (var d = 0; d < dimension; d++)
            {
                output[head * dimension + d] = Enumerable.Range(0, positions).Sum(p => weights[p] * values[(p * kvHeads + kv) * dimension + d]) / weights.Sum();
            }
        }

        return output;
    }
}
