using Intellect3.Kernels.Features;
using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Activations;

/// <summary>The gated activation of a feed-forward layer (Shazeer, arXiv 2002.05202): <c>silu(gate) * up</c>, element by element.</summary>
public static unsafe class SwiGlu
{
    /// <summary>Each row of <paramref name="gateUp"/> holds the gate's width, then as much of up.</summary>
    /// <param name="path">The instruction set.</param>
    /// <param name="gateUp">[rows, 2 * width]</param>
    /// <param name="y">Receives [rows, width].</param>
    /// <param name="rows">How many.</param>
    /// <param name="width">Elements of a row of the result.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Apply(KernelPath path, ReadOnlySpan<float> gateUp, Span<float> y, int rows, int width)
    {
        if (rows < 0 || width < 0 || gateUp.Length < 2L * rows * width || y.Length < (long)rows * width)
        {
            throw new ArgumentException($"{rows} rows of {width} do not fit spans of {gateUp.Length} and {y.Length}");
        }

        fixed (float* px = gateUp, py = y)
        {
            for (var row = 0; row < rows; row++)
            {
                var gate = px + 2 * (nint)row * width;
                var to = py + (nint)row * width;
                switch (path)
                {
                    case KernelPath.Avx512:
                        Row<Lanes512>(gate, to, width);
                        break;
                    case KernelPath.Avx2:
                        Row<Lanes256>(gate, to, width);
                        break;
                    case KernelPath.AdvSimd:
                        Row<Lanes128>(gate, to, width);
                        break;
                    default:
                        Row<Lane>(gate, to, width);
                        break;
                }
            }
        }
    }

    private static void Row<T>(float* gate, float* y, int width)
        where T : struct, ILanes<T>
    {
        var up = gate + width;
        var i = 0;
        for (; i <= width - T.Count; i += T.Count)
        {
            T.Store(y + i, Gated(T.Load(gate + i), T.Load(up + i)));
        }

        for (; i < width; i++)
        {
            Lane.Store(y + i, Gated(Lane.Load(gate + i), Lane.Load(up + i)));
        }
    }

    private static T Gated<T>(T gate, T up)
        where T : struct, ILanes<T>
    {
        var one = T.Broadcast(1f);
        var denominator = T.Add(one, LaneMath.Exp(T.Subtract(T.Zero, gate)));
        return T.Multiply(T.Divide(gate, denominator), up);
    }
}
