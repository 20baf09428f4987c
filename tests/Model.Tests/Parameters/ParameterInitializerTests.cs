using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;
using Intellect3.Model.Tests.Inference;

namespace Intellect3.Model.Tests.Parameters;

/// <summary>A model's first parameters are a function of the seed, and spread as the docstring says.</summary>
public sealed class ParameterInitializerTests
{
    private static readonly ModelConfig Config = TestModels.Llama with { VocabularySize = 301, HiddenSize = 96, IntermediateSize = 128, Layers = 4 };

    [Fact]
    public void The_seed_fixes_every_bit()
    {
        Assert.Equal(Values(Config, 7), Values(Config, 7));
        Assert.NotEqual(Values(Config, 7), Values(Config, 8));
        Assert.NotEqual(Values(Config, 7), Values(Config, 7 + (1UL << 32)));
    }

    [Fact]
    public void A_tensor_does_not_depend_on_the_others()
    {
        using var small = ParameterInitializer.Initialize(Config, 7);
        using var large = ParameterInitializer.Initialize(Config with { VocabularySize = 400, Layers = 9 }, 7);
        const string Query = "model.layers.2.self_attn.q_proj.weight", Embedding = "model.embed_tokens.weight";
        Assert.Equal(small[Query].ToArray(), large[Query].ToArray());
        Assert.Equal(small[Embedding].ToArray(), large[Embedding][..small[Embedding].Length].ToArray());
    }

    /// <summary>The deviation of n draws is off by sigma / sqrt(2n) in one of three cases; five times that is allowed.</summary>
    [Fact]
    public void Deviations_are_those_of_the_docstring()
    {
        using var parameters = ParameterInitializer.Initialize(Config, 3);
        foreach (var tensor in parameters.Layout.Tensors)
        {
            var values = Array.ConvertAll(parameters[tensor.Name].ToArray(), v => (double)v);
            if (tensor.Name.Contains("norm", StringComparison.Ordinal))
            {
                Assert.All(values, v => Assert.Equal(1, v));
                continue;
            }

            var expected = tensor.Name switch
            {
                "model.embed_tokens.weight" or "lm_head.weight" => 0.02,
                var name when name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal) => 1 / Math.Sqrt(tensor.Shape[1] * 2.0 * Config.Layers),
                _ => 1 / Math.Sqrt(tensor.Shape[1]),
            };
            var deviation = Math.Sqrt(values.Sum(v => v * v) / values.Length);
            Assert.InRange(deviation / expected, 1 - 5 / Math.Sqrt(2.0 * values.Length), 1 + 5 / Math.Sqrt(2.0 * values.Length));
            Assert.InRange(values.Average() / expected, -5 / Math.Sqrt(values.Length), 5 / Math.Sqrt(values.Length));
        }
    }

    private static float[] Values(ModelConfig config, ulong seed)
    {
        using var parameters = ParameterInitializer.Initialize(config, seed);
        return parameters.Values.ToArray();
    }
}
