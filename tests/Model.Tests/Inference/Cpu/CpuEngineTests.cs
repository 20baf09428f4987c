using Intellect3.Kernels.Features;
using Intellect3.Kernels.Gemm;
using Intellect3.Model.Configuration;
using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Cpu;

namespace Intellect3.Model.Tests.Inference.Cpu;

/// <summary>The conformance test on the best path of this machine, and what only our own engine promises: the same bits however a sequence is batched.</summary>
public sealed class CpuEngineTests : EngineConformance
{
    private static readonly EngineOptions Roomy = new() { Slots = 80, CacheTokens = 16_384 };

    /// <summary>Every kernel path of this machine with every model.</summary>
    public static TheoryData<KernelPath, string> Paths()
    {
        var data = new TheoryData<KernelPath, string>();
        foreach (var path in KernelPaths.Supported)
        {
            foreach (var model in Models)
            {
                data.Add(path, model);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_path_agrees_with_the_reference(KernelPath path, string model)
    {
        var config = TestModels.Named(model);
        using var parameters = TestModels.Parameters(config, 20);
        using var engine = Start(config, parameters, Roomy, new CpuEngineFactory(config, path));
        var requests = Requests(config, 10);

        foreach (var (request, result) in requests.Zip(Run(engine, requests)))
        {
            AssertMatchesReference(config, request, result, _ => parameters);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Seventy_sequences_in_one_batch_are_the_bits_of_each_alone(KernelPath path, string model) =>
        AssertSameBits(path, model, Requests(TestModels.Named(model), 70), (start, requests) =>
        {
            using var engine = start(Roomy);
            return [.. requests.Select(r => Run(engine, r)[0])];
        });

    [Theory]
    [MemberData(nameof(Paths))]
    public void However_the_prefill_is_cut_the_bits_are_the_same(KernelPath path, string model)
    {
        foreach (var cut in new[] { 1, 3, 64 })
        {
            AssertSameBits(path, model, Requests(TestModels.Named(model), 12), (start, requests) =>
            {
                using var engine = start(Roomy with { PrefillTokens = cut });
                return Run(engine, requests);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_sampled_token_has_the_bits_of_the_same_token_in_a_prompt(KernelPath path, string model) =>
        AssertSameBits(path, model, Requests(TestModels.Named(model), 12), (start, requests) =>
        {
            using var engine = start(Roomy);
            var whole = Run(engine, requests);
            using var other = start(Roomy);
            var heads = Run(other, [.. requests.Select(r => r with { MaxTokens = r.MaxTokens / 2 })]);
            using var third = start(Roomy with { BlockTokens = 32 });
            var tails = Run(third, [.. requests.Zip(heads, (r, head) => r with { PromptIds = (int[])[.. r.PromptIds.Span, .. head.TokenIds], MaxTokens = r.MaxTokens - head.TokenIds.Count })]);
            return [.. whole.Zip(heads.Zip(tails), (w, parts) => w with
            {
                TokenIds = [.. parts.First.TokenIds, .. parts.Second.TokenIds],
                LogProbabilities = [.. parts.First.LogProbabilities, .. parts.Second.LogProbabilities],
            })];
        });

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_prefix_out_of_the_cache_has_the_bits_of_one_computed(KernelPath path, string model) =>
        AssertSameBits(path, model, Requests(TestModels.Named(model), 20), (start, requests) =>
        {
            using var engine = start(Roomy);
            Run(engine, requests);
            var before = engine.Statistics.CachedTokens;
            var results = Run(engine, requests);
            Assert.True(engine.Statistics.CachedTokens > before + 150, "the second pass should have found its prompts in the cache");
            return results;
        });

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_preempted_sequence_has_the_bits_of_one_undisturbed(KernelPath path, string model) =>
        AssertSameBits(path, model, [.. Requests(TestModels.Named(model), 20).Select(r => r with { MaxTokens = r.MaxTokens + 40 })], (start, requests) =>
        {
            using var engine = start(Roomy with { CacheTokens = 160 });
            var results = Run(engine, requests);
            Assert.True(engine.Statistics.PromptTokens > requests.Sum(r => r.PromptIds.Length), "the small cache should have preempted somebody");
            return results;
        });

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_path_has_the_bits_of_portable_code(KernelPath path, string model) =>
        AssertSameBits(path, model, Requests(TestModels.Named(model), 12), (_, requests) =>
        {
            var config = TestModels.Named(model);
            using var parameters = TestModels.Parameters(config, 21);
            using var engine = Start(config, parameters, Roomy, new CpuEngineFactory(config, KernelPath.Portable));
            return Run(engine, requests);
        });

    [Theory]
    [MemberData(nameof(Paths))]
    public void Two_engines_give_the_bits_of_one(KernelPath path, string model) =>
        AssertSameBits(path, model, Requests(TestModels.Named(model), 16), (start, requests) =>
        {
            using var one = start(Roomy);
            using var two = start(Roomy);
            return [.. Run(one, requests[..7]), .. Run(two, requests[7..])];
        });

    [Theory]
    [InlineData(KvOnUpdate.Keep)]
    [InlineData(KvOnUpdate.Recompute)]
    public void A_swap_to_equal_weights_changes_no_bit(KvOnUpdate kvOnUpdate)
    {
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 21);
        var factory = new CpuEngineFactory(config);
        AssertSameBits(KernelPaths.Best, nameof(TestModels.Qwen3), Requests(config, 16), (start, requests) =>
        {
            using var engine = start(Roomy with { PrefillTokens = 50 });
            var finished = new List<GenerationResult>();
            foreach (var request in requests)
            {
                engine.Submit(request);
            }

            for (var i = 0; i < 40; i++)
            {
                engine.Step(finished);
                if (i % 7 == 6)
                {
                    Swap(engine, factory, First, parameters, kvOnUpdate);
                }
            }

            finished.AddRange(Finish(engine));
            return [.. finished.OrderBy(r => r.Id)];
        });
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void BFloat16_panels_have_the_bits_of_weights_rounded_before(KernelPath path, string model)
    {
        var config = TestModels.Named(model);
        using var parameters = TestModels.Parameters(config, 22);
        foreach (ref var value in parameters.Values)
        {
            value = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF0000);
        }

        using var whole = Start(config, parameters, Roomy, new CpuEngineFactory(config, path));
        using var half = Start(config, parameters, Roomy, new CpuEngineFactory(config, path, PanelStorage.BFloat16));
        var requests = Requests(config, 10);

        AssertSameBits(Run(whole, requests), Run(half, requests));
    }

    [Fact]
    public void The_factory_says_what_it_is()
    {
        var factory = new CpuEngineFactory(TestModels.Qwen3, KernelPath.Portable);

        Assert.Equal("portable", factory.Kernels);
        Assert.True(factory.IsDeterministic);
    }

    public static TheoryData<string, EngineOptions> BadOptions => new()
    {
        { "Slots", new EngineOptions { Slots = 0 } },
        { "PrefillTokens", new EngineOptions { PrefillTokens = 0 } },
        { "MaxPositions", new EngineOptions { MaxPositions = 1 } },
        { "BlockTokens", new EngineOptions { BlockTokens = 0 } },
        { "BlockTokens", new EngineOptions { BlockTokens = 24 } },
        { "CacheTokens", new EngineOptions { CacheTokens = 15 } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_out_of_range_is_named(string option, EngineOptions options)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new CpuEngineFactory(TestModels.Qwen3).Create(options));

        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, ModelConfig> BadModels => new()
    {
        { "gpt2", TestModels.Qwen3 with { ModelType = "gpt2" } },
        { "even", TestModels.Qwen3 with { HeadDimension = 7 } },
        { "4 heads", TestModels.Qwen3 with { KeyValueHeads = 3 } },
        { "at least 1", TestModels.Qwen3 with { Layers = 0 } },
        { "at least 2", TestModels.Qwen3 with { MaxPositions = 1 } },
    };

    [Theory]
    [MemberData(nameof(BadModels))]
    public void A_model_it_cannot_run_is_refused_with_the_reason(string reason, ModelConfig config) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new CpuEngineFactory(config)).Message, StringComparison.Ordinal);

    [Fact]
    public void Weights_and_parameters_of_another_model_are_refused()
    {
        var wide = TestModels.Qwen3 with { IntermediateSize = 28 };
        using var parameters = TestModels.Parameters(wide, 23);
        using var weights = new CpuEngineFactory(wide).Prepare(First, parameters);
        using var engine = new CpuEngineFactory(TestModels.Qwen3).Create(Roomy);

        Assert.Contains("mlp.down_proj.weight", Assert.Throws<ArgumentException>(() => new CpuEngineFactory(TestModels.Qwen3).Prepare(First, parameters)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => engine.SetWeights(weights, KvOnUpdate.Keep));
        Assert.Null(engine.Version);
    }

    [Fact]
    public void Weights_live_until_their_last_reference_is_gone()
    {
        using var parameters = TestModels.Parameters(TestModels.Qwen3, 24);
        var factory = new CpuEngineFactory(TestModels.Qwen3);
        var weights = factory.Prepare(First, parameters);
        var engine = factory.Create(Roomy);
        engine.SetWeights(weights, KvOnUpdate.Keep);
        weights.Dispose();
        weights.AddReference().Dispose();

        engine.Dispose();

        Assert.Throws<ObjectDisposedException>(weights.AddReference);
    }

    protected override IEngineFactory CreateFactory(ModelConfig config) => new CpuEngineFactory(config);

    /// <summary>Requests of many lengths and ways of sampling; every third shares the beginning of its prompt.</summary>
    private static GenerationRequest[] Requests(ModelConfig config, int count)
    {
        SamplingParameters[] samplings = [SamplingParameters.Default, SamplingParameters.Greedy, new() { Temperature = 0.8f, TopK = 9, TopP = 0.9f }, new() { MinP = 0.05f }];
        return [.. Enumerable.Range(0, count).Select(i => Request(i, TestModels.Prompt(config, 1 + (i * 7 % 61), i % 3 == 0 ? 0 : i), 4 + (i * 5 % 30)) with { Sampling = samplings[i % samplings.Length] })];
    }

    /// <summary>Holds what <paramref name="run"/> makes of the requests against all of them in one plain batch, bit by bit.</summary>
    private void AssertSameBits(KernelPath path, string model, GenerationRequest[] requests, Func<Func<EngineOptions, IInferenceEngine>, GenerationRequest[], GenerationResult[]> run)
    {
        var config = TestModels.Named(model);
        using var parameters = TestModels.Parameters(config, 21);
        var factory = new CpuEngineFactory(config, path);
        using var plain = Start(config, parameters, Roomy, factory);

        var expected = Run(plain, requests);
        var actual = run(options => Start(config, parameters, options, factory), requests);

        AssertSameBits(expected, actual);
    }

    private static void AssertSameBits(GenerationResult[] expected, GenerationResult[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.Id, other.Id);
            Assert.Equal(one.TokenIds, other.TokenIds);
            Assert.Equal(one.LogProbabilities.Select(BitConverter.SingleToUInt32Bits), other.LogProbabilities.Select(BitConverter.SingleToUInt32Bits));
        }
    }
}
