using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;
using Intellect3.Model.Training;

namespace Intellect3.Model.Files.Checkpoints;

/// <summary>A checkpoint's content, verified. Whoever loaded it disposes the parameters.</summary>
public sealed record LoadedCheckpoint(
    string Name,
    int Step,
    string Phase,
    ModelConfig Config,
    ParameterSet Parameters,
    OptimizerState Optimizer,
    IReadOnlyDictionary<string, string> Extras) : IDisposable
{
    public void Dispose() => Parameters.Dispose();
}
