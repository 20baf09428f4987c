using System.Runtime.CompilerServices;
using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Gemm;

/// <summary>
/// The register tiles: some rows by one panel (two vectors) of columns, or one row by four panels, which hides the latency of a lone row by more columns
/// and never by splitting the sum.
/// </summary>
internal static unsafe class GemmTiles<T, TPanel>
    where T : struct, ILanes<T>
    where TPanel : struct, IPanel<T>
{
    private const int PanelsOfALoneRow = 4;

    /// <summary>Rows that go through the panels together, so that they stay in the first-level cache.</summary>
    private const int RowBlock = 48;

    public static void Run(float* x, byte* panels, float* y, int rows, int columns, int depth)
    {
        var width = 2 * T.Count;
        var panelBytes = (nint)width * depth * TPanel.Size;
        for (var block = 0; block < rows; block += RowBlock)
        {
            var end = Math.Min(rows, block + RowBlock);
            var tiled = block;
            for (var column = 0; column < columns; column += width)
            {
                var panel = panels + column / width * panelBytes;
                tiled = Rows(x, panel, y + column, block, end, columns, depth, Math.Min(width, columns - column));
            }

            for (var row = tiled; row < end; row++)
            {
                LoneRow(x + (nint)row * depth, panels, y + (nint)row * columns, columns, depth);
            }
        }
    }

    /// <summary>Runs the tiles of one panel over a block of rows and returns the first row that is left over.</summary>
    private static int Rows(float* x, byte* panel, float* y, int row, int end, int columns, int depth, int width)
    {
        var isWhole = width == 2 * T.Count;
        var scratch = stackalloc float[8 * 2 * T.Count];
        while (end - row >= 2)
        {
            var count = end - row >= T.TileRows ? T.TileRows : end - row >= 4 ? 4 : 2;
            var from = x + (nint)row * depth;
            var to = y + (nint)row * columns;
            if (isWhole)
            {
                Tile(count, from, panel, to, columns, depth);
            }
            else
            {
                Tile(count, from, panel, scratch, 2 * T.Count, depth);
                for (var r = 0; r < count; r++)
                {
                    new ReadOnlySpan<float>(scratch + r * 2 * T.Count, width).CopyTo(new Span<float>(to + (nint)r * columns, width));
                }
            }

            row += count;
        }

        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile(int rows, float* x, byte* panel, float* y, nint stride, nint depth)
    {
        switch (rows)
        {
            case 8:
                Tile8(x, panel, y, stride, depth);
                break;
            case 6:
                Tile6(x, panel, y, stride, depth);
                break;
            case 4:
                Tile4(x, panel, y, stride, depth);
                break;
            default:
                Tile2(x, panel, y, stride, depth);
                break;
        }
    }

    private static void LoneRow(float* x, byte* panels, float* y, int columns, int depth)
    {
        var width = 2 * T.Count;
        var panelBytes = (nint)width * depth * TPanel.Size;
        var column = 0;
        for (; column + PanelsOfALoneRow * width <= columns; column += PanelsOfALoneRow * width)
        {
            Tile1x4(x, panels + column / width * panelBytes, panelBytes, y + column, depth);
        }

        var scratch = stackalloc float[2 * T.Count];
        for (; column < columns; column += width)
        {
            var isWhole = column + width <= columns;
            Tile1(x, panels + column / width * panelBytes, isWhole ? y + column : scratch, 0, depth);
            if (!isWhole)
            {
                new ReadOnlySpan<float>(scratch, columns - column).CopyTo(new Span<float>(y + column, columns - column));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x4(float* x, byte* panel, nint panelBytes, float* y, nint depth)
    {
        byte* p1 = panel + panelBytes, p2 = p1 + panelBytes, p3 = p2 + panelBytes;
        T a0 = T.Zero, b0 = T.Zero, a1 = T.Zero, b1 = T.Zero, a2 = T.Zero, b2 = T.Zero, a3 = T.Zero, b3 = T.Zero;
        for (nint k = 0; k < depth; k++)
        {
            var v = T.Broadcast(x[k]);
            var at = k * 2 * T.Count;
            a0 = T.Fma(v, TPanel.Load(panel, at), a0);
            b0 = T.Fma(v, TPanel.Load(panel, at + T.Count), b0);
            a1 = T.Fma(v, TPanel.Load(p1, at), a1);
            b1 = T.Fma(v, TPanel.Load(p1, at + T.Count), b1);
            a2 = T.Fma(v, TPanel.Load(p2, at), a2);
            b2 = T.Fma(v, TPanel.Load(p2, at + T.Count), b2);
            a3 = T.Fma(v, TPanel.Load(p3, at), a3);
            b3 = T.Fma(v, TPanel.Load(p3, at + T.Count), b3);
        }

        T.Store(y, a0);
        T.Store(y + T.Count, b0);
        T.Store(y + 2 * T.Count, a1);
        T.Store(y + 3 * T.Count, b1);
        T.Store(y + 4 * T.Count, a2);
        T.Store(y + 5 * T.Count, b2);
        T.Store(y + 6 * T.Count, a3);
        T.Store(y + 7 * T.Count, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(float* x, byte* panel, float* y, nint stride, nint depth)
    {
        T a0 = T.Zero, b0 = T.Zero;
        for (nint k = 0; k < depth; k++)
        {
            var left = TPanel.Load(panel, k * 2 * T.Count);
            var right = TPanel.Load(panel, k * 2 * T.Count + T.Count);
            T v;
            v = T.Broadcast(x[k]);
            a0 = T.Fma(v, left, a0);
            b0 = T.Fma(v, right, b0);
        }

        T.Store(y, a0);
        T.Store(y + T.Count, b0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2(float* x, byte* panel, float* y, nint stride, nint depth)
    {
        T a0 = T.Zero, b0 = T.Zero, a1 = T.Zero, b1 = T.Zero;
        for (nint k = 0; k < depth; k++)
        {
            var left = TPanel.Load(panel, k * 2 * T.Count);
            var right = TPanel.Load(panel, k * 2 * T.Count + T.Count);
            T v;
            v = T.Broadcast(x[k]);
            a0 = T.Fma(v, left, a0);
            b0 = T.Fma(v, right, b0);
            v = T.Broadcast(x[depth + k]);
            a1 = T.Fma(v, left, a1);
            b1 = T.Fma(v, right, b1);
        }

        T.Store(y, a0);
        T.Store(y + T.Count, b0);
        T.Store(y + stride, a1);
        T.Store(y + stride + T.Count, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(float* x, byte* panel, float* y, nint stride, nint depth)
    {
        T a0 = T.Zero, b0 = T.Zero, a1 = T.Zero, b1 = T.Zero, a2 = T.Zero, b2 = T.Zero, a3 = T.Zero, b3 = T.Zero;
        for (nint k = 0; k < depth; k++)
        {
            var left = TPanel.Load(panel, k * 2 * T.Count);
            var right = TPanel.Load(panel, k * 2 * T.Count + T.Count);
            T v;
            v = T.Broadcast(x[k]);
            a0 = T.Fma(v, left, a0);
            b0 = T.Fma(v, right, b0);
            v = T.Broadcast(x[depth + k]);
            a1 = T.Fma(v, left, a1);
            b1 = T.Fma(v, right, b1);
            v = T.Broadcast(x[2 * depth + k]);
            a2 = T.Fma(v, left, a2);
            b2 = T.Fma(v, right, b2);
            v = T.Broadcast(x[3 * depth + k]);
            a3 = T.Fma(v, left, a3);
            b3 = T.Fma(v, right, b3);
        }

        T.Store(y, a0);
        T.Store(y + T.Count, b0);
        T.Store(y + stride, a1);
        T.Store(y + stride + T.Count, b1);
        T.Store(y + 2 * stride, a2);
        T.Store(y + 2 * stride + T.Count, b2);
        T.Store(y + 3 * stride, a3);
        T.Store(y + 3 * stride + T.Count, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6(float* x, byte* panel, float* y, nint stride, nint depth)
    {
        T a0 = T.Zero, b0 = T.Zero, a1 = T.Zero, b1 = T.Zero, a2 = T.Zero, b2 = T.Zero, a3 = T.Zero, b3 = T.Zero, a4 = T.Zero, b4 = T.Zero, a5 = T.Zero, b5 = T.Zero;
        for (nint k = 0; k < depth; k++)
        {
            var left = TPanel.Load(panel, k * 2 * T.Count);
            var right = TPanel.Load(panel, k * 2 * T.Count + T.Count);
            T v;
            v = T.Broadcast(x[k]);
            a0 = T.Fma(v, left, a0);
            b0 = T.Fma(v, right, b0);
            v = T.Broadcast(x[depth + k]);
            a1 = T.Fma(v, left, a1);
            b1 = T.Fma(v, right, b1);
            v = T.Broadcast(x[2 * depth + k]);
            a2 = T.Fma(v, left, a2);
            b2 = T.Fma(v, right, b2);
            v = T.Broadcast(x[3 * depth + k]);
            a3 = T.Fma(v, left, a3);
            b3 = T.Fma(v, right, b3);
            v = T.Broadcast(x[4 * depth + k]);
            a4 = T.Fma(v, left, a4);
            b4 = T.Fma(v, right, b4);
            v = T.Broadcast(x[5 * depth + k]);
            a5 = T.Fma(v, left, a5);
            b5 = T.Fma(v, right, b5);
        }

        T.Store(y, a0);
        T.Store(y + T.Count, b0);
        T.Store(y + stride, a1);
        T.Store(y + stride + T.Count, b1);
        T.Store(y + 2 * stride, a2);
        T.Store(y + 2 * stride + T.Count, b2);
        T.Store(y + 3 * stride, a3);
        T.Store(y + 3 * stride + T.Count, b3);
        T.Store(y + 4 * stride, a4);
        T.Store(y + 4 * stride + T.Count, b4);
        T.Store(y + 5 * stride, a5);
        T.Store(y + 5 * stride + T.Count, b5);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(float* x, byte* panel, float* y, nint stride, nint depth)
    {
        T a0 = T.Zero, b0 = T.Zero, a1 = T.Zero, b1 = T.Zero, a2 = T.Zero, b2 = T.Zero, a3 = T.Zero, b3 = T.Zero, a4 = T.Zero, b4 = T.Zero, a5 = T.Zero, b5 = T.Zero, a6 = T.Zero, b6 = T.Zero, a7 = T.Zero, b7 = T.Zero;
        for (nint k = 0; k < depth; k++)
        {
            var left = TPanel.Load(panel, k * 2 * T.Count);
            var right = TPanel.Load(panel, k * 2 * T.Count + T.Count);
            T v;
            v = T.Broadcast(x[k]);
            a0 = T.Fma(v, left, a0);
            b0 = T.Fma(v, right, b0);
            v = T.Broadcast(x[depth + k]);
            a1 = T.Fma(v, left, a1);
            b1 = T.Fma(v, right, b1);
            v = T.Broadcast(x[2 * depth + k]);
            a2 = T.Fma(v, left, a2);
            b2 = T.Fma(v, right, b2);
            v = T.Broadcast(x[3 * depth + k]);
            a3 = T.Fma(v, left, a3);
            b3 = T.Fma(v, right, b3);
            v = T.Broadcast(x[4 * depth + k]);
            a4 = T.Fma(v, left, a4);
            b4 = T.Fma(v, right, b4);
            v = T.Broadcast(x[5 * depth + k]);
            a5 = T.Fma(v, left, a5);
            b5 = T.Fma(v, right, b5);
            v = T.Broadcast(x[6 * depth + k]);
            a6 = T.Fma(v, left, a6);
            b6 = T.Fma(v, right, b6);
            v = T.Broadcast(x[7 * depth + k]);
            a7 = T.Fma(v, left, a7);
            b7 = T.Fma(v, right, b7);
        }

        T.Store(y, a0);
        T.Store(y + T.Count, b0);
        T.Store(y + stride, a1);
        T.Store(y + stride + T.Count, b1);
        T.Store(y + 2 * stride, a2);
        T.Store(y + 2 * stride + T.Count, b2);
        T.Store(y + 3 * stride, a3);
        T.Store(y + 3 * stride + T.Count, b3);
        T.Store(y + 4 * stride, a4);
        T.Store(y + 4 * stride + T.Count, b4);
        T.Store(y + 5 * stride, a5);
        T.Store(y + 5 * stride + T.Count, b5);
        T.Store(y + 6 * stride, a6);
        T.Store(y + 6 * stride + T.Count, b6);
        T.Store(y + 7 * stride, a7);
        T.Store(y + 7 * stride + T.Count, b7);
    }
}
