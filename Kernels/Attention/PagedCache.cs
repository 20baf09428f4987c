using System.Runtime.InteropServices;

namespace Intellect3.Kernels.Attention;

/// <summary>
/// Keys and values of one layer in blocks of <see cref="BlockTokens"/> positions. Of a block and head, keys lie as [dimension][position], so that one vector
/// holds the scores of neighbouring positions, and values as [position][dimension]. Native memory; written and read by one thread.
/// </summary>
public sealed unsafe class PagedCache : IDisposable
{
    private float* _keys;
    private float* _values;

    /// <param name="blocks">Blocks of the pool.</param>
    /// <param name="blockTokens">Positions of a block: 16 or a multiple of it.</param>
    /// <param name="heads">Key-value heads.</param>
    /// <param name="dimension">Size of a head.</param>
    public PagedCache(int blocks, int blockTokens, int heads, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockTokens, 16);
        ArgumentOutOfRangeException.ThrowIfNotEqual(blockTokens % 16, 0, nameof(blockTokens));
        (Blocks, BlockTokens, Heads, Dimension) = (blocks, blockTokens, heads, dimension);
        var bytes = (nuint)blocks * (nuint)blockTokens * (nuint)heads * (nuint)dimension * sizeof(float);
        _keys = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        _values = (float*)NativeMemory.AlignedAlloc(bytes, 64);

        // Positions that were never written are scored with their block and dropped after; they must be numbers.
        NativeMemory.Clear(_keys, bytes);
        NativeMemory.Clear(_values, bytes);
    }

    public int Blocks { get; }

    public int BlockTokens { get; }

    public int Heads { get; }

    public int Dimension { get; }

    /// <summary>Stores a token's keys and values.</summary>
    /// <param name="block">The block's index.</param>
    /// <param name="offset">The position within the block.</param>
    /// <param name="keys">[heads, dimension]</param>
    /// <param name="values">[heads, dimension]</param>
    public void Write(int block, int offset, ReadOnlySpan<float> keys, ReadOnlySpan<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)block, (uint)Blocks, nameof(block));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)offset, (uint)BlockTokens, nameof(offset));
        ObjectDisposedException.ThrowIf(_keys is null, this);
        for (var head = 0; head < Heads; head++)
        {
            var key = KeyBlock(block, head) + offset;
            for (var d = 0; d < Dimension; d++)
            {
                key[(nint)d * BlockTokens] = keys[head * Dimension + d];
            }

            values.Slice(head * Dimension, Dimension).CopyTo(new Span<float>(ValueBlock(block, head) + (nint)offset * Dimension, Dimension));
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_keys);
        NativeMemory.AlignedFree(_values);
        _keys = _values = null;
    }

    internal float* KeyBlock(int block, int head) => _keys + ((nint)block * Heads + head) * Dimension * BlockTokens;

    internal float* ValueBlock(int block, int head) => _values + ((nint)block * Heads + head) * Dimension * BlockTokens;
}
