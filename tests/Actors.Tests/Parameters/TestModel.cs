using Intellect3.Model.Configuration;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Tests.Parameters;

/// <summary>A model that is small, and parameters that tell their version.</summary>
internal static class TestModel
{
    public static ParameterLayout Layout { get; } = ParameterLayout.For(Config(hiddenSize: 8));

    public static ParameterLayout OtherLayout { get; } = ParameterLayout.For(Config(hiddenSize: 16));

    private static ModelConfig Config(int hiddenSize) => new()
    {
        ModelType = "qwen3",
        VocabularySize = 11,
        HiddenSize = hiddenSize,
        IntermediateSize = 12,
        Layers = 1,
        AttentionHeads = 2,
        KeyValueHeads = 1,
        HeadDimension = 4,
        TieWordEmbeddings = true,
    };

    public static ParameterSet Parameters(PolicyVersion version, ParameterLayout? layout = null)
    {
        var parameters = new ParameterSet(layout ?? Layout);
        for (var i = 0; i < parameters.Values.Length; i++)
        {
            parameters.Values[i] = (version.Lineage * 1000) + version.Number + (i * 1e-3f);
        }

        return parameters;
    }
}
