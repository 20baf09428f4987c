using Intellect3.Kernels.Features;
using Intellect3.Kernels.Gemm;
using Intellect3.Kernels.Rotary;
using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Inference.Cpu;

/// <summary>Engines on our own kernels: any CPU, single-threaded, deterministic to the bit. Any thread may use it.</summary>
public sealed class CpuEngineFactory : IEngineFactory
{
    private readonly ModelConfig _config;
    private readonly KernelPath _path;
    private readonly PanelStorage _storage;
    private readonly Lazy<RotaryTable> _rotary;

    /// <param name="config">The model, of family qwen3 or llama.</param>
    /// <param name="path">The instruction set; null for the fastest that this machine has.</param>
    /// <param name="storage">How the packed projections are stored; bfloat16 rounds them.</param>
    /// <exception cref="ArgumentException">The model is not one that the engine computes; the message says why.</exception>
    /// <exception cref="NotSupportedException">This machine lacks the path.</exception>
    public CpuEngineFactory(ModelConfig config, KernelPath? path = null, PanelStorage storage = PanelStorage.Full)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (Problem(config) is { } problem)
        {
            throw new ArgumentException($"the CPU engine cannot run this model: {problem}", nameof(config));
        }

        _path = path ?? KernelPaths.Best;
        if (!KernelPaths.IsSupported(_path))
        {
            throw new NotSupportedException($"this machine has no {KernelPaths.Name(_path)}; it has {string.Join(", ", KernelPaths.Supported.Select(KernelPaths.Name))}");
        }

        _config = config;
        _storage = storage;
        _rotary = new Lazy<RotaryTable>(() => new RotaryTable(config.MaxPositions, config.HeadDimension, config.RopeTheta));
    }

    /// <inheritdoc/>
    public string Kernels => KernelPaths.Name(_path) + (_storage == PanelStorage.BFloat16 ? "-bf16" : "");

    public bool IsDeterministic => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameters are not this model's.</exception>
    public IEngineWeights Prepare(PolicyVersion version, ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var layout = ParameterLayout.For(_config);
        foreach (var tensor in layout.Tensors)
        {
            if (!parameters.Layout.Contains(tensor.Name) || !parameters.Layout[tensor.Name].Shape.SequenceEqual(tensor.Shape))
            {
                throw new ArgumentException($"the parameters have no {tensor.Name} of [{string.Join(", ", tensor.Shape)}]: they are another model's", nameof(parameters));
            }
        }

        return new CpuEngineWeights(version, _config, parameters, _path, _storage);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public IInferenceEngine Create(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new CpuEngine(_config, _path, _rotary.Value, options);
    }

    private static string? Problem(ModelConfig config) =>
        config.ModelType is not ("qwen3" or "llama") ? $"its family is '{config.ModelType}'; there are qwen3 and llama"
        : Math.Min(Math.Min(config.VocabularySize, config.HiddenSize), Math.Min(config.IntermediateSize, config.Layers)) < 1 ? "vocabulary, hidden and intermediate size and layers are at least 1"
        : config.HeadDimension < 2 || config.HeadDimension % 2 != 0 ? $"its head dimension is {config.HeadDimension}; rotation needs an even one"
        : config.KeyValueHeads < 1 || config.AttentionHeads < 1 || config.AttentionHeads % config.KeyValueHeads != 0 ? $"its {config.AttentionHeads} heads do not divide over {config.KeyValueHeads} key-value heads"
        : config.MaxPositions < 2 ? $"its longest sequence is {config.MaxPositions}; it is at least 2"
        : null;
}
