using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Files.Safetensors;

namespace Intellect3.Model.Tests;

/// <summary>A tiny checkpoint under Fixtures/models and what transformers computes on it (its reference.json has the versions).</summary>
internal sealed class ReferenceModel : IDisposable
{
    /// <summary>The largest absolute differences from transformers that the fixture asks of a float32 implementation.</summary>
    public const double LogitTolerance = 5e-5;
    public const double LogProbabilityTolerance = 3e-5;
    public const double GradientTolerance = 1e-5;

    private readonly SafetensorsFile _reference;

    public ReferenceModel(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "models", name);
        Model = ModelFolder.Load(folder);
        _reference = SafetensorsFile.Open(Path.Combine(folder, "reference.safetensors"));
    }

    public LoadedModel Model { get; }

    public bool Has(string tensor) => _reference.Entries.ContainsKey(tensor);

    public float[] Floats(string tensor) => _reference.ReadArray<float>(tensor);

    /// <summary>Rows of token ids.</summary>
    public int[][] Ids(string tensor)
    {
        var ids = Array.ConvertAll(_reference.ReadArray<long>(tensor), id => (int)id);
        return [.. ids.Chunk((int)_reference.Entries[tensor].Shape[1])];
    }

    public void Dispose()
    {
        _reference.Dispose();
        Model.Dispose();
    }

    /// <summary>Equal to an absolute tolerance.</summary>
    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            // Written so that a NaN fails.
            Assert.True(Math.Abs((double)expected[i] - actual[i]) <= tolerance, $"{what}, element {i}: transformers has {expected[i]:R}, we {actual[i]:R}");
        }
    }
}
