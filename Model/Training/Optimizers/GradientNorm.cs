namespace Intellect3.Model.Training.Optimizers;

/// <summary>
/// The norm of a flat gradient as a fixed sum over slices, one a logical shard, so that it can be computed where the slices lie and has the same bits
/// wherever that is.
/// </summary>
public static class GradientNorm
{
    /// <summary>The slice of logical shard <paramref name="shard"/>: contiguous, equal but for the last.</summary>
    public static (int Start, int Length) Slice(int count, int shards, int shard)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        var size = (count + shards - 1) / shards;
        var start = Math.Min(count, size * shard);
        return (start, Math.Min(size, count - start));
    }

    /// <summary>The sum of squares of a slice, in double and in order.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> slice)
    {
        // Four sums hide the latency of the additions; their number is part of the bits.
        double a = 0, b = 0, c = 0, d = 0;
        var i = 0;
        for (; i <= slice.Length - 4; i += 4)
        {
            a += (double)slice[i] * slice[i];
            b += (double)slice[i + 1] * slice[i + 1];
            c += (double)slice[i + 2] * slice[i + 2];
            d += (double)slice[i + 3] * slice[i + 3];
        }

        for (; i < slice.Length; i++)
        {
            a += (double)slice[i] * slice[i];
        }

        return a + b + (c + d);
    }

    /// <summary>The norm from the slices' sums, in order of the shards.</summary>
    public static double FromSlices(ReadOnlySpan<double> sums)
    {
        var total = 0.0;
        foreach (var sum in sums)
        {
            total += sum;
        }

        return Math.Sqrt(total);
    }

    /// <summary>torch's clipping factor: <c>min(1, max / (norm + 1e-6))</c>.</summary>
    public static double ClipFactor(double norm, double maxNorm) => Math.Min(1, maxNorm / (norm + 1e-6));
}
