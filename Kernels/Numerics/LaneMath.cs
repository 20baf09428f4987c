using System.Runtime.CompilerServices;

namespace Intellect3.Kernels.Numerics;

/// <summary>Functions of a lane and sums over lanes, the same bits on every path.</summary>
internal static unsafe class LaneMath
{
    /// <summary>Partial sums of every reduction over a row: element i goes to sum i mod 16.</summary>
    public const int PartialSums = 16;

    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>Adding and subtracting it rounds to the nearest integer, ties to even.</summary>
    private const float RoundingMagic = 12582912f;

    /// <summary>e to the x, for x clamped to [-87, 88]; within 2 units in the last place (range reduction and polynomial as in Cephes' expf).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : struct, ILanes<T>
    {
        x = T.Max(T.Min(x, T.Broadcast(88f)), T.Broadcast(-87f));
        var magic = T.Broadcast(RoundingMagic);
        var n = T.Subtract(T.Fma(x, T.Broadcast(Log2E), magic), magic);
        var r = T.Fma(n, T.Broadcast(-Ln2High), x);
        r = T.Fma(n, T.Broadcast(-Ln2Low), r);
        var p = T.Broadcast(1.9875691500e-4f);
        p = T.Fma(p, r, T.Broadcast(1.3981999507e-3f));
        p = T.Fma(p, r, T.Broadcast(8.3334519073e-3f));
        p = T.Fma(p, r, T.Broadcast(4.1665795894e-2f));
        p = T.Fma(p, r, T.Broadcast(1.6666665459e-1f));
        p = T.Fma(p, r, T.Broadcast(5.0000001201e-1f));
        p = T.Fma(p, T.Multiply(r, r), T.Add(r, T.Broadcast(1f)));
        return T.Multiply(p, T.PowerOfTwo(n));
    }

    /// <summary>The largest of one or more values; the order cannot matter.</summary>
    public static float Max<T>(float* values, int count)
        where T : struct, ILanes<T>
    {
        var lanes = T.Broadcast(values[0]);
        var i = 0;
        for (; i <= count - T.Count; i += T.Count)
        {
            lanes = T.Max(lanes, T.Load(values + i));
        }

        var largest = stackalloc float[T.Count];
        T.Store(largest, lanes);
        var max = largest[0];
        for (var lane = 1; lane < T.Count; lane++)
        {
            max = MathF.Max(max, largest[lane]);
        }

        for (; i < count; i++)
        {
            max = MathF.Max(max, values[i]);
        }

        return max;
    }

    /// <summary>Adds sixteen partial sums as a fixed tree.</summary>
    public static float Tree(float* sums)
    {
        for (var half = PartialSums / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        return sums[0];
    }
}
