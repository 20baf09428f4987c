using FsCheck;
using FsCheck.Xunit;
using Intellect3.Kernels.Features;
using Intellect3.Kernels.Gemm;

namespace Intellect3.Kernels.Tests;

public sealed class GemmTests
{
    public static TheoryData<KernelPath, PanelStorage> Variants()
    {
        var data = new TheoryData<KernelPath, PanelStorage>();
        foreach (var path in Paths.All)
        {
            data.Add(path, PanelStorage.Full);
            data.Add(path, PanelStorage.BFloat16);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Odd_and_even_sizes_equal_the_scalar_reference_to_the_bit(KernelPath path, PanelStorage storage)
    {
        foreach (var rows in (int[])[1, 2, 3, 5, 6, 7, 8, 13, 49, 64])
        {
            foreach (var columns in (int[])[1, 7, 17, 33, 99, 129, 160])
            {
                foreach (var depth in (int[])[1, 3, 16, 129])
                {
                    Check(path, storage, rows, columns, depth);
                }
            }
        }
    }

    [Property(MaxTest = 60)]
    public void Any_size_equals_the_scalar_reference(byte rows, byte columns, byte depth) =>
        Check(KernelPaths.Best, PanelStorage.Full, rows % 70 + 1, columns + 1, depth + 1);

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_row_is_the_same_alone_and_among_others(KernelPath path, PanelStorage storage)
    {
        const int Rows = 96, Columns = 131, Depth = 67;
        var x = Draws.Floats(1, Rows * Depth);
        using var weights = PackedMatrix.Pack(path, storage, Depth, Draws.Floats(2, Columns * Depth));
        var together = new float[Rows * Columns];
        Gemm.Gemm.Multiply(x, weights, together, Rows);
        for (var row = 0; row < Rows; row++)
        {
            var alone = new float[Columns];
            Gemm.Gemm.Multiply(x.AsSpan(row * Depth, Depth), weights, alone, 1);
            Assert.Equal(alone, together.AsSpan(row * Columns, Columns).ToArray());
        }
    }

    [Fact]
    public void Parts_are_packed_below_each_other()
    {
        var (a, b, x) = (Draws.Floats(1, 3 * 5), Draws.Floats(2, 2 * 5), Draws.Floats(3, 5));
        using var both = PackedMatrix.Pack(KernelPaths.Best, PanelStorage.Full, 5, a, b);
        var y = new float[5];
        Gemm.Gemm.Multiply(x, both, y, 1);
        Assert.Equal(Reference(x, [.. a, .. b], 1, 5, 5), y);
    }

    [Fact]
    public void Spans_that_are_too_short_are_refused()
    {
        using var weights = PackedMatrix.Pack(KernelPaths.Best, PanelStorage.Full, 4, Draws.Floats(1, 12));
        Assert.Throws<ArgumentException>(() => Gemm.Gemm.Multiply(new float[7], weights, new float[6], 2));
        Assert.Throws<ArgumentException>(() => Gemm.Gemm.Multiply(new float[8], weights, new float[5], 2));
        Assert.Throws<ArgumentException>(() => PackedMatrix.Pack(KernelPaths.Best, PanelStorage.Full, 4, Draws.Floats(1, 13)));
    }

    private static void Check(KernelPath path, PanelStorage storage, int rows, int columns, int depth)
    {
        var (x, w) = (Draws.Floats(rows, rows * depth), Draws.Floats(columns, columns * depth));
        using var weights = PackedMatrix.Pack(path, storage, depth, w);
        var y = new float[rows * columns];
        Gemm.Gemm.Multiply(x, weights, y, rows);
        Assert.Equal(Reference(x, storage == PanelStorage.Full ? w : [.. w.Select(Round)], rows, columns, depth), y);
    }

    private static float[] Reference(float[] x, float[] w, int rows, int columns, int depth)
    {
        var y = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = 0f;
                for (var k = 0; k < depth; k++)
                {
                    sum = MathF.FusedMultiplyAdd(x[row * depth + k], w[column * depth + k], sum);
                }

                y[row * columns + column] = sum;
            }
        }

        return y;
    }

    /// <summary>To bf16 and back, ties to even.</summary>
    private static float Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var low = bits & 0xFFFF;
        var up = low > 0x8000 || (low == 0x8000 && (bits & 0x10000) != 0);
        return BitConverter.UInt32BitsToSingle((bits & 0xFFFF0000) + (up ? 0x10000u : 0));
    }
}
