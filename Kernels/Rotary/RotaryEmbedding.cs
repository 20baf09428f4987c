using Intellect3.Kernels.Features;
using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Rotary;

/// <summary>Rotates heads in place, Hugging Face's half-split way: element i turns with element i + dimension / 2.</summary>
public static unsafe class RotaryEmbedding
{
    /// <param name="path">The instruction set.</param>
    /// <param name="heads">[heads, dimension], one token's.</param>
    /// <param name="table">The angles.</param>
    /// <param name="position">The token's position.</param>
    /// <exception cref="ArgumentException">Not a whole number of heads.</exception>
    public static void Apply(KernelPath path, Span<float> heads, RotaryTable table, int position)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (heads.Length % table.Dimension != 0)
        {
            throw new ArgumentException($"{heads.Length} elements are not heads of {table.Dimension}", nameof(heads));
        }

        fixed (float* p = heads, cos = table.Cos(position), sin = table.Sin(position))
        {
            for (var head = 0; head < heads.Length; head += table.Dimension)
            {
                switch (path)
                {
                    case KernelPath.Avx512:
                        Rotate<Lanes512>(p + head, cos, sin, table.Dimension / 2);
                        break;
                    case KernelPath.Avx2:
                        Rotate<Lanes256>(p + head, cos, sin, table.Dimension / 2);
                        break;
                    case KernelPath.AdvSimd:
                        Rotate<Lanes128>(p + head, cos, sin, table.Dimension / 2);
                        break;
                    default:
                        Rotate<Lane>(p + head, cos, sin, table.Dimension / 2);
                        break;
                }
            }
        }
    }

    private static void Rotate<T>(float* x, float* cos, float* sin, int half)
        where T : struct, ILanes<T>
    {
        var i = 0;
        for (; i <= half - T.Count; i += T.Count)
        {
            Turn(T.Load(x + i), T.Load(x + half + i), T.Load(cos + i), T.Load(sin + i), x + i, x + half + i);
        }

        for (; i < half; i++)
        {
            Turn(Lane.Load(x + i), Lane.Load(x + half + i), Lane.Load(cos + i), Lane.Load(sin + i), x + i, x + half + i);
        }
    }

    private static void Turn<T>(T left, T right, T cos, T sin, float* toLeft, float* toRight)
        where T : struct, ILanes<T>
    {
        T.Store(toLeft, T.Fma(T.Subtract(T.Zero, right), sin, T.Multiply(left, cos)));
        T.Store(toRight, T.Fma(left, sin, T.Multiply(right, cos)));
    }
}
