using BenchmarkDotNet.Running;
using Intellect3.Bench;

// `decode`: our engine beside TorchSharp, in one run. Anything else goes to BenchmarkDotNet (`--filter *Gemm*`).
if (args is ["decode", ..])
{
    DecodeBenchmark.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 16);
}
else if (args is ["weights", ..])
{
    await WeightsBenchmark.RunAsync(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 256);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(GemmBenchmarks).Assembly).Run(args);
}
