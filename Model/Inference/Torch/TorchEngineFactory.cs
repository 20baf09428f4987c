using Intellect3.Model.Configuration;
using Intellect3.Model.Native;
using Intellect3.Model.Parameters;
using static TorchSharp.torch;

namespace Intellect3.Model.Inference.Torch;

/// <summary>
/// Engines on libtorch, on any device it has. Equal to the CPU engine to a tolerance, not to the bit: torch's products depend on the batch. Tokens are drawn by
/// the same sampler from the same keys. Any thread may use it.
/// </summary>
/// <remarks>Its thread count is libtorch's, which is the process's: a trainer beside it sets it, an engine never does.</remarks>
public sealed class TorchEngineFactory : IEngineFactory
{
    private readonly ModelConfig _config;
    private readonly ParameterLayout _layout;
    private readonly Device _device;

    /// <param name="config">The model, of family qwen3 or llama.</param>
    /// <param name="device">As torch names it: <c>cpu</c>, <c>cuda:0</c> ...</param>
    /// <exception cref="TorchNativeException">libtorch cannot be loaded.</exception>
    public TorchEngineFactory(ModelConfig config, string device = "cpu")
    {
        ArgumentNullException.ThrowIfNull(config);
        TorchNative.EnsureLoaded();
        (_config, _layout, _device) = (config, ParameterLayout.For(config), new Device(device));
        Kernels = $"torch:{device}";
    }

    /// <inheritdoc/>
    public string Kernels { get; }

    public bool IsDeterministic => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameters are not this model's.</exception>
    public IEngineWeights Prepare(PolicyVersion version, ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        static IEnumerable<string> Shapes(ParameterLayout layout) => layout.Tensors.Select(t => $"{t.Name} [{string.Join(", ", t.Shape)}]");
        if (Shapes(_layout).Except(Shapes(parameters.Layout)).FirstOrDefault() is { } missing)
        {
            throw new ArgumentException($"the parameters have no {missing}: they are another model's", nameof(parameters));
        }

        return new TorchEngineWeights(version, _config, parameters, _device);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public IInferenceEngine Create(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TorchEngine(_config, _device, options);
    }
}
