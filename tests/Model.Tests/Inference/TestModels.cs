using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Tests.Inference;

/// <summary>Small models of awkward sizes, with random parameters.</summary>
public static class TestModels
{
    /// <summary>q/k norm, grouped heads, tied head; a head dimension that is not hidden / heads.</summary>
    public static ModelConfig Qwen3 { get; } = new()
    {
        ModelType = "qwen3",
        VocabularySize = 37,
        HiddenSize = 20,
        IntermediateSize = 27,
        Layers = 2,
        AttentionHeads = 4,
        KeyValueHeads = 2,
        HeadDimension = 6,
        TieWordEmbeddings = true,
        QueryKeyNorm = true,
        MaxPositions = 160,
    };

    /// <summary>No q/k norm, one key/value head, a head of its own.</summary>
    public static ModelConfig Llama { get; } = new()
    {
        ModelType = "llama",
        VocabularySize = 41,
        HiddenSize = 23,
        IntermediateSize = 19,
        Layers = 3,
        AttentionHeads = 3,
        KeyValueHeads = 1,
        HeadDimension = 10,
        RmsNormEpsilon = 1e-5,
        RopeTheta = 500_000,
        MaxPositions = 160,
    };

    /// <summary>Sizes that vector paths like: every one a multiple of 16.</summary>
    public static ModelConfig Even { get; } = Qwen3 with
    {
        VocabularySize = 64,
        HiddenSize = 64,
        IntermediateSize = 96,
        AttentionHeads = 4,
        KeyValueHeads = 4,
        HeadDimension = 16,
    };

    public static ModelConfig Named(string name) => name switch
    {
        nameof(Qwen3) => Qwen3,
        nameof(Llama) => Llama,
        nameof(Even) => Even,
        _ => throw new ArgumentException($"no test model is named '{name}'", nameof(name)),
    };

    /// <summary>Parameters of a fixed generator: norms near 1, matrices scaled to keep activations near 1, and an embedding that gives a head worth sampling from.</summary>
    public static ParameterSet Parameters(ModelConfig config, int seed)
    {
        var random = new Random(seed);
        var parameters = new ParameterSet(ParameterLayout.For(config));
        foreach (var tensor in parameters.Layout.Tensors)
        {
            var isNorm = tensor.Shape.Count == 1;
            var scale = isNorm ? 0.4 : 3.0 / Math.Sqrt(tensor.Shape[1]);
            foreach (ref var value in parameters[tensor.Name])
            {
                value = (float)((isNorm ? 1 : 0) + (scale * (random.NextDouble() - 0.5)));
            }
        }

        return parameters;
    }

    /// <summary>A prompt of a fixed generator.</summary>
    public static int[] Prompt(ModelConfig config, int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(config.VocabularySize))];
    }
}
