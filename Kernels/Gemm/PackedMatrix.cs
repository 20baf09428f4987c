using System.Runtime.InteropServices;
using Intellect3.Kernels.Features;

namespace Intellect3.Kernels.Gemm;

/// <summary>
/// A weight matrix [columns, depth] (out, in) packed once into panels [columns / width][depth][width], so that a tile reads it front to back. Native
/// memory, 64-byte aligned; immutable; whoever made it disposes it.
/// </summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    private void* _panels;

    private PackedMatrix(KernelPath path, PanelStorage storage, int columns, int depth)
    {
        Path = path;
        Storage = storage;
        Columns = columns;
        Depth = depth;
        PanelWidth = Gemm.PanelWidth(path);
        var elements = (nuint)Panels * (nuint)PanelWidth * (nuint)depth;
        var bytes = Math.Max(elements * (nuint)(storage == PanelStorage.Full ? 4 : 2), 64);
        _panels = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_panels, bytes);
    }

    public KernelPath Path { get; }

    public PanelStorage Storage { get; }

    /// <summary>Outputs of the product.</summary>
    public int Columns { get; }

    /// <summary>Inputs of the product, the length of a sum.</summary>
    public int Depth { get; }

    internal int PanelWidth { get; }

    internal int Panels => (Columns + PanelWidth - 1) / PanelWidth;

    internal void* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_panels is null, this);
            return _panels;
        }
    }

    /// <summary>Packs one or more row-major matrices [rows, depth] below each other, as one.</summary>
    /// <exception cref="ArgumentException">A part is not a whole number of rows.</exception>
    public static PackedMatrix Pack(KernelPath path, PanelStorage storage, int depth, params ReadOnlySpan<ReadOnlyMemory<float>> parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        var columns = 0;
        foreach (var part in parts)
        {
            if (part.Length % depth != 0)
            {
                throw new ArgumentException($"{part.Length} elements are not rows of {depth}", nameof(parts));
            }

            columns += part.Length / depth;
        }

        var packed = new PackedMatrix(path, storage, columns, depth);
        var column = 0;
        foreach (var part in parts)
        {
            for (var row = 0; row < part.Length / depth; row++)
            {
                packed.Put(column++, part.Span.Slice(row * depth, depth));
            }
        }

        return packed;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_panels);
        _panels = null;
    }

    private void Put(int column, ReadOnlySpan<float> values)
    {
        var at = (nint)(column / PanelWidth) * PanelWidth * Depth + column % PanelWidth;
        for (var k = 0; k < values.Length; k++, at += PanelWidth)
        {
            if (Storage == PanelStorage.Full)
            {
                ((float*)_panels)[at] = values[k];
            }
            else
            {
                ((ushort*)_panels)[at] = ToBFloat16(values[k]);
            }
        }
    }

    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
