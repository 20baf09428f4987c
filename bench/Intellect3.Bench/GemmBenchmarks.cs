using BenchmarkDotNet.Attributes;
using Intellect3.Kernels.Features;
using Intellect3.Kernels.Gemm;

namespace Intellect3.Bench;

/// <summary>GEMM with packed panels on every path of this machine.</summary>
public class GemmBenchmarks
{
    private const int Depth = 128;
    private const int Columns = 384;

    private PackedMatrix _weights = null!;
    private float[] _x = [];
    private float[] _y = [];

    [ParamsSource(nameof(Paths))]
    public KernelPath Path { get; set; }

    [Params(PanelStorage.Full, PanelStorage.BFloat16)]
    public PanelStorage Storage { get; set; }

    [Params(1, 4, 16, 64)]
    public int Rows { get; set; }

    public static IEnumerable<KernelPath> Paths => KernelPaths.Supported;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _x = [.. Enumerable.Range(0, Rows * Depth).Select(_ => random.NextSingle())];
        _y = new float[Rows * Columns];
        _weights = PackedMatrix.Pack(Path, Storage, Depth, Enumerable.Range(0, Columns * Depth).Select(_ => random.NextSingle()).ToArray());
    }

    [GlobalCleanup]
    public void Cleanup() => _weights.Dispose();

    [Benchmark]
    public void Multiply() => Gemm.Multiply(_x, _weights, _y, Rows);
}
