using Intellect3.Model.Configuration;
using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Cpu;
using Intellect3.Model.Inference.Torch;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Tests.Inference.Torch;

/// <summary>The conformance test on libtorch, and its agreement with our own engine.</summary>
public sealed class TorchEngineTests : EngineConformance
{
    [Theory]
    [MemberData(nameof(Models))]
    public void The_same_keys_give_the_tokens_of_the_cpu_engine(string model)
    {
        var config = TestModels.Named(model);
        using var parameters = TestModels.Parameters(config, 31);
        using var ours = Start(config, parameters, factory: new CpuEngineFactory(config));
        using var torch = Start(config, parameters);
        var requests = Enumerable.Range(0, 24).Select(i => Request(i, TestModels.Prompt(config, 1 + (i * 5 % 23), i), 20)).ToArray();

        var (expected, actual) = (Run(ours, requests), Run(torch, requests));

        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.TokenIds, pair.Second.TokenIds));
    }

    [Fact]
    public void A_prefix_out_of_the_cache_gives_what_one_computed_gives()
    {
        var config = TestModels.Qwen3;
        using var parameters = TestModels.Parameters(config, 32);
        using var engine = Start(config, parameters);
        var request = Request(0, TestModels.Prompt(config, 50, 1), 10);
        Run(engine, request);
        var cached = engine.Statistics.CachedTokens;

        AssertMatchesReference(config, request, Run(engine, request)[0], _ => parameters);

        Assert.True(engine.Statistics.CachedTokens >= cached + 48, "the second run should have found three blocks of its prompt in the cache");
    }

    [Fact]
    public void Prefill_in_pieces_and_preemption_change_nothing_that_can_be_seen()
    {
        var config = TestModels.Llama;
        using var parameters = TestModels.Parameters(config, 33);
        using var engine = Start(config, parameters, new EngineOptions { Slots = 6, CacheTokens = 112, PrefillTokens = 7 });
        var requests = Enumerable.Range(0, 9).Select(i => Request(i, TestModels.Prompt(config, 1 + (5 * i), i), 40)).ToArray();

        var results = Run(engine, requests);

        Assert.True(engine.Statistics.PromptTokens > requests.Sum(r => r.PromptIds.Length), "the small cache should have preempted somebody");
        Assert.All(requests.Zip(results), pair => AssertMatchesReference(config, pair.First, pair.Second, _ => parameters));
    }

    [Fact]
    public void Parameters_of_another_model_and_weights_of_another_engine_are_refused()
    {
        var config = TestModels.Qwen3;
        using var other = new ParameterSet(ParameterLayout.For(config with { IntermediateSize = 28 }));
        using var parameters = TestModels.Parameters(config, 35);
        using var weights = new CpuEngineFactory(config).Prepare(First, parameters);
        using var engine = CreateFactory(config).Create(new EngineOptions());

        Assert.Contains("mlp.down_proj.weight", Assert.Throws<ArgumentException>(() => CreateFactory(config).Prepare(First, other)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => engine.SetWeights(weights, KvOnUpdate.Keep));
        Assert.Null(engine.Version);
    }

    [Fact]
    public void The_factory_says_what_it_is()
    {
        var factory = CreateFactory(TestModels.Qwen3);

        Assert.Equal("torch:cpu", factory.Kernels);
        Assert.False(factory.IsDeterministic);
    }

    protected override IEngineFactory CreateFactory(ModelConfig config) => new TorchEngineFactory(config);
}
