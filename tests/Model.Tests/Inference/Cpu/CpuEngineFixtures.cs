using Intellect3.Kernels.Features;
using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Cpu;

namespace Intellect3.Model.Tests.Inference.Cpu;

/// <summary>The CPU engine against transformers on tiny checkpoints, on every kernel path of this machine.</summary>
public sealed class CpuEngineFixtures
{
    public static TheoryData<KernelPath, string> Paths()
    {
        var data = new TheoryData<KernelPath, string>();
        foreach (var path in KernelPaths.Supported)
        {
            data.Add(path, "qwen3-f32");
            data.Add(path, "llama-f32");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Greedy_tokens_are_those_of_transformers(KernelPath path, string name)
    {
        using var reference = new ReferenceModel(name);
        var expected = reference.Ids("greedy")[0];
        var result = Generate(reference, path, [(expected[..8], expected.Length - 8)])[0];
        Assert.Equal(expected[8..], result.TokenIds);
    }

    /// <summary>The likeliest token of every prefix of the fixture, and its log-probability.</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public void Log_probabilities_at_every_position_agree(KernelPath path, string name)
    {
        using var reference = new ReferenceModel(name);
        var prefixes = reference.Ids("ids").SelectMany(row => Enumerable.Range(1, row.Length).Select(length => (row[..length], 1))).ToArray();
        var logits = Array.ConvertAll(reference.Floats("logits"), logit => (double)logit).Chunk(reference.Model.Config.VocabularySize).ToArray();
        var results = Generate(reference, path, prefixes);
        for (var i = 0; i < prefixes.Length; i++)
        {
            var expected = ReferenceDecoder.LogSoftmax(logits[i], 1);
            var likeliest = Array.IndexOf(expected, expected.Max());
            Assert.Equal(likeliest, results[i].TokenIds[0]);
            ReferenceModel.AssertClose([(float)expected[likeliest]], [results[i].LogProbabilities[0]], ReferenceModel.LogProbabilityTolerance, $"{name}, position {i}");
        }
    }

    private static GenerationResult[] Generate(ReferenceModel reference, KernelPath path, (int[] Prompt, int MaxTokens)[] requests)
    {
        var factory = new CpuEngineFactory(reference.Model.Config, path);
        using var engine = factory.Create(new EngineOptions { Slots = 8, CacheTokens = 2048 });
        using var weights = factory.Prepare(new PolicyVersion(1, 0), reference.Model.Parameters);
        engine.SetWeights(weights, KvOnUpdate.Keep);
        for (var i = 0; i < requests.Length; i++)
        {
            engine.Submit(new GenerationRequest { Id = i, PromptIds = requests[i].Prompt, MaxTokens = requests[i].MaxTokens, Sampling = SamplingParameters.Greedy, Key = new SamplingKey(1, 0, 0) });
        }

        var results = new List<GenerationResult>();
        while (engine.Step(results))
        {
        }

        return [.. results.OrderBy(r => r.Id)];
    }
}
