using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Files.HuggingFace;

/// <summary>What a model folder holds. Whoever loaded it disposes the parameters.</summary>
public sealed record LoadedModel(ModelConfig Config, ParameterSet Parameters) : IDisposable
{
    public void Dispose() => Parameters.Dispose();
}
