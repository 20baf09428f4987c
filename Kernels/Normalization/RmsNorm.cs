using Intellect3.Kernels.Features;
using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Normalization;

/// <summary>Root-mean-square normalisation (Zhang &amp; Sennrich, arXiv 1910.07467): <c>y = x / sqrt(mean(x^2) + epsilon) * weight</c>, row by row.</summary>
public static unsafe class RmsNorm
{
    /// <summary>Normalises rows of <c>weight.Length</c> that begin <paramref name="stride"/> apart.</summary>
    /// <param name="path">The instruction set.</param>
    /// <param name="x">[rows, stride]</param>
    /// <param name="weight">[width]</param>
    /// <param name="y">Receives [rows, stride]; may be <paramref name="x"/>.</param>
    /// <param name="rows">How many.</param>
    /// <param name="stride">Elements from one row to the next, at least the width.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public static void Apply(KernelPath path, ReadOnlySpan<float> x, ReadOnlySpan<float> weight, Span<float> y, int rows, int stride, float epsilon)
    {
        var needed = rows == 0 ? 0 : (long)(rows - 1) * stride + weight.Length;
        if (rows < 0 || stride < weight.Length || x.Length < needed || y.Length < needed)
        {
            throw new ArgumentException($"{rows} rows of {weight.Length}, {stride} apart, do not fit spans of {x.Length} and {y.Length}");
        }

        fixed (float* px = x, pw = weight, py = y)
        {
            for (var row = 0; row < rows; row++)
            {
                float* from = px + (nint)row * stride, to = py + (nint)row * stride;
                switch (path)
                {
                    case KernelPath.Avx512:
                        Row<Lanes512>(from, pw, to, weight.Length, epsilon);
                        break;
                    case KernelPath.Avx2:
                        Row<Lanes256>(from, pw, to, weight.Length, epsilon);
                        break;
                    case KernelPath.AdvSimd:
                        Row<Lanes128>(from, pw, to, weight.Length, epsilon);
                        break;
                    default:
                        Row<Lane>(from, pw, to, weight.Length, epsilon);
                        break;
                }
            }
        }
    }

    private static void Row<T>(float* x, float* weight, float* y, int width, float epsilon)
        where T : struct, ILanes<T>
    {
        var scale = 1f / MathF.Sqrt(SumOfSquares<T>(x, width) / width + epsilon);
        var factor = T.Broadcast(scale);
        var i = 0;
        for (; i <= width - T.Count; i += T.Count)
        {
            T.Store(y + i, T.Multiply(T.Multiply(T.Load(x + i), factor), T.Load(weight + i)));
        }

        for (; i < width; i++)
        {
            y[i] = x[i] * scale * weight[i];
        }
    }

    private static float SumOfSquares<T>(float* x, int width)
        where T : struct, ILanes<T>
    {
        var sums = stackalloc float[LaneMath.PartialSums];
        new Span<float>(sums, LaneMath.PartialSums).Clear();
        var whole = width - width % LaneMath.PartialSums;
        for (var lane = 0; lane < LaneMath.PartialSums; lane += T.Count)
        {
            var sum = T.Zero;
            for (var i = lane; i < whole; i += LaneMath.PartialSums)
            {
                var v = T.Load(x + i);
                sum = T.Fma(v, v, sum);
            }

            T.Store(sums + lane, sum);
        }

        for (var i = whole; i < width; i++)
        {
            sums[i - whole] = MathF.FusedMultiplyAdd(x[i], x[i], sums[i - whole]);
        }

        return LaneMath.Tree(sums);
    }
}
