using System.Diagnostics;
using Intellect3.Model.Configuration;
using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Cpu;
using Intellect3.Model.Inference.Torch;
using Intellect3.Model.Parameters;

namespace Intellect3.Bench;

/// <summary>Tokens a second of decoding on the small model of the recipes: our engine and the one on TorchSharp take turns in one run, one thread each.</summary>
internal static class DecodeBenchmark
{
    private const int PromptTokens = 14;
    private const int SampledTokens = 100;
    private const int Rounds = 9;

    private static readonly ModelConfig Config = new()
    {
        ModelType = "qwen3", QueryKeyNorm = true, VocabularySize = 100, HiddenSize = 128, IntermediateSize = 384, Layers = 2,
        AttentionHeads = 4, KeyValueHeads = 4, HeadDimension = 32, MaxPositions = 128,
    };

    public static void Run(int sequences)
    {
        TorchSharp.torch.set_num_threads(1);
        using var parameters = ParameterInitializer.Initialize(Config, 1);
        var (ours, torch) = (new List<double>(), new List<double>());
        var own = new CpuEngineFactory(Config);
        Measure(own, parameters, sequences);
        Measure(new TorchEngineFactory(Config), parameters, sequences);
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Measure(own, parameters, sequences));
            torch.Add(Measure(new TorchEngineFactory(Config), parameters, sequences));
        }

        Print($"own ({own.Kernels})", ours);
        Print("TorchSharp", torch);
        Print("ratio", [.. ours.Zip(torch, (a, b) => a / b)]);
        Console.WriteLine($"{sequences} sequences, {PromptTokens} prompt and {SampledTokens} sampled tokens each, {Rounds} rounds in turn, one thread.");
    }

    /// <summary>Sampled tokens a second, prefill included.</summary>
    private static double Measure(IEngineFactory factory, ParameterSet parameters, int sequences)
    {
        using var engine = factory.Create(new EngineOptions { Slots = sequences, CacheTokens = sequences * 128, MaxPositions = 128 });
        using var weights = factory.Prepare(new PolicyVersion(1, 0), parameters);
        engine.SetWeights(weights, KvOnUpdate.Keep);
        for (var i = 0; i < sequences; i++)
        {
            engine.Submit(new GenerationRequest
            {
                Id = i,
                PromptIds = Enumerable.Range(0, PromptTokens).Select(t => 5 + (i * 7 + t * 3) % 90).ToArray(),
                MaxTokens = SampledTokens,
                Key = new SamplingKey(1, 1, i),
            });
        }

        var finished = new List<GenerationResult>();
        var started = Stopwatch.GetTimestamp();
        while (engine.Step(finished))
        {
        }

        return finished.Sum(r => r.TokenIds.Count) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Print(string name, List<double> values)
    {
        values.Sort();
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name,-16} median {values[values.Count / 2],10:0.0}   from {values[0],10:0.0} to {values[^1],10:0.0}"));
    }
}
