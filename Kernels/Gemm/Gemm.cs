using Intellect3.Kernels.Features;
using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Gemm;

/// <summary>
/// Matrix products with packed weights. Every output is one accumulator that adds its products in order of the depth, fused, so a row's result depends on
/// that row alone: not on the rows beside it, nor on the path.
/// </summary>
public static unsafe class Gemm
{
    /// <summary>y = x W^T.</summary>
    /// <param name="x">[rows, depth], row-major.</param>
    /// <param name="weights">[columns, depth], packed.</param>
    /// <param name="y">Receives [rows, columns], row-major.</param>
    /// <param name="rows">Any number.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Multiply(ReadOnlySpan<float> x, PackedMatrix weights, Span<float> y, int rows)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (rows < 0 || x.Length < (long)rows * weights.Depth || y.Length < (long)rows * weights.Columns)
        {
            throw new ArgumentException($"{rows} rows of {weights.Depth} to {weights.Columns} do not fit spans of {x.Length} and {y.Length}");
        }

        fixed (float* px = x, py = y)
        {
            switch (weights.Path)
            {
                case KernelPath.Avx512:
                    Run<Lanes512>(px, weights, py, rows);
                    break;
                case KernelPath.Avx2:
                    Run<Lanes256>(px, weights, py, rows);
                    break;
                case KernelPath.AdvSimd:
                    Run<Lanes128>(px, weights, py, rows);
                    break;
                default:
                    Run<Lane>(px, weights, py, rows);
                    break;
            }
        }
    }

    /// <summary>Columns of a panel: two vectors.</summary>
    internal static int PanelWidth(KernelPath path) => path switch
    {
        KernelPath.Avx512 => 2 * Lanes512.Count,
        KernelPath.Avx2 => 2 * Lanes256.Count,
        KernelPath.AdvSimd => 2 * Lanes128.Count,
        _ => 2 * Lane.Count,
    };

    private static void Run<T>(float* x, PackedMatrix weights, float* y, int rows)
        where T : struct, ILanes<T>
    {
        if (weights.Storage == PanelStorage.Full)
        {
            GemmTiles<T, FloatPanel<T>>.Run(x, (byte*)weights.Address, y, rows, weights.Columns, weights.Depth);
        }
        else
        {
            GemmTiles<T, BFloat16Panel<T>>.Run(x, (byte*)weights.Address, y, rows, weights.Columns, weights.Depth);
        }
    }
}
