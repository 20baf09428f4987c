using Intellect3.Kernels.Activations;
using Intellect3.Kernels.Features;
using Intellect3.Kernels.Normalization;
using Intellect3.Kernels.Rotary;

namespace Intellect3.Kernels.Tests;

/// <summary>Norm, rotation and activation: the same bits on every path, and near what double arithmetic says.</summary>
public sealed class RowOperationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(128)]
    [InlineData(131)]
    public void RmsNorm_agrees(int width)
    {
        const int Rows = 3;
        var stride = width + 5;
        var (x, weight) = (Draws.Floats(width, Rows * stride, 3), Draws.Floats(7, width));
        var results = OnEveryPath(path =>
        {
            var y = new float[x.Length];
            RmsNorm.Apply(path, x, weight, y, Rows, stride, 1e-6f);
            return y;
        });
        for (var row = 0; row < Rows; row++)
        {
            var meanSquare = Enumerable.Range(0, width).Average(i => (double)x[row * stride + i] * x[row * stride + i]);
            for (var i = 0; i < width; i++)
            {
                Assert.Equal(x[row * stride + i] / Math.Sqrt(meanSquare + 1e-6) * weight[i], results[row * stride + i], 1e-5);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(384)]
    [InlineData(390)]
    public void SwiGlu_agrees(int width)
    {
        const int Rows = 2;
        var x = Draws.Floats(width, 2 * Rows * width, 12);
        var y = OnEveryPath(path =>
        {
            var result = new float[Rows * width];
            SwiGlu.Apply(path, x, result, Rows, width);
            return result;
        });
        for (var i = 0; i < width; i++)
        {
            double gate = x[2 * width + i], up = x[3 * width + i];
            var expected = gate / (1 + Math.Exp(-gate)) * up;
            Assert.InRange(y[width + i] - expected, -2e-6 * Math.Max(1, Math.Abs(expected)), 2e-6 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void SwiGlu_of_extreme_gates_is_finite()
    {
        float[] x = [-1000, 1000, -88.5f, 0, 1, 1, 1, 1];
        Assert.All(OnEveryPath(path =>
        {
            var result = new float[4];
            SwiGlu.Apply(path, x, result, 1, 4);
            return result;
        }), v => Assert.True(float.IsFinite(v)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(12)]
    [InlineData(32)]
    [InlineData(74)]
    public void Rotation_agrees_and_keeps_lengths(int dimension)
    {
        var table = new RotaryTable(40, dimension, 10_000);
        var x = Draws.Floats(dimension, 3 * dimension);
        var y = OnEveryPath(path =>
        {
            var result = (float[])x.Clone();
            RotaryEmbedding.Apply(path, result, table, 37);
            return result;
        });
        var half = dimension / 2;
        for (var i = 0; i < half; i++)
        {
            var angle = 37 * Math.Pow(10_000, -2.0 * i / dimension);
            Assert.Equal(x[i] * Math.Cos(angle) - x[half + i] * Math.Sin(angle), y[i], 1e-5);
            Assert.Equal(x[half + i] * Math.Cos(angle) + x[i] * Math.Sin(angle), y[half + i], 1e-5);
        }
    }

    [Fact]
    public void Rows_are_the_same_alone_and_among_others()
    {
        const int Rows = 70, Width = 45;
        var (x, weight) = (Draws.Floats(1, 2 * Rows * Width, 4), Draws.Floats(2, Width));
        Assert.All(Paths.All, path =>
        {
            var (normed, gated) = (new float[Rows * Width], new float[Rows * Width]);
            RmsNorm.Apply(path, x, weight, normed, Rows, Width, 1e-6f);
            SwiGlu.Apply(path, x, gated, Rows, Width);
            for (var row = 0; row < Rows; row++)
            {
                var alone = x.AsSpan(row * Width, Width).ToArray();
                RmsNorm.Apply(path, alone, weight, alone, 1, Width, 1e-6f);
                Assert.Equal(alone, normed.AsSpan(row * Width, Width).ToArray());
                SwiGlu.Apply(path, x.AsSpan(2 * row * Width, 2 * Width), alone, 1, Width);
                Assert.Equal(alone, gated.AsSpan(row * Width, Width).ToArray());
            }
        });
    }

    private static float[] OnEveryPath(Func<KernelPath, float[]> run)
    {
        var reference = run(KernelPath.Portable);
        Assert.All(Paths.All, path => Assert.Equal(reference, run(path)));
        return reference;
    }
}
