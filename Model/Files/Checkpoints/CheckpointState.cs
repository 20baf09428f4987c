using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;
using Intellect3.Model.Tokenization;
using Intellect3.Model.Training;

namespace Intellect3.Model.Files.Checkpoints;

/// <summary>What a checkpoint keeps. The caller holds the parameters until the write returns, and disposes them.</summary>
public sealed record CheckpointState
{
    /// <summary><c>step-N</c> or <c>warmup-N</c>.</summary>
    public required string Name { get; init; }

    public required int Step { get; init; }

    public required string Phase { get; init; }

    public required ModelConfig Config { get; init; }

    public required ParameterSet Parameters { get; init; }

    public required OptimizerState Optimizer { get; init; }

    public required CharacterTokenizer Tokenizer { get; init; }

    /// <summary>Whatever else the run needs to continue, as text.</summary>
    public IReadOnlyDictionary<string, string> Extras { get; init; } = new Dictionary<string, string>();
}
