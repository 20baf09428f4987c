using Intellect3.Model.Configuration;
using Intellect3.Model.Networks;
using Intellect3.Model.Parameters;
using static TorchSharp.torch;

namespace Intellect3.Model.Inference.Torch;

/// <summary>A policy version as a decoder on a torch device.</summary>
internal sealed class TorchEngineWeights : EngineWeights
{
    private readonly FlatParameters _parameters;

    /// <summary>Copies <paramref name="parameters"/> to the device.</summary>
    public TorchEngineWeights(PolicyVersion version, ModelConfig config, ParameterSet parameters, Device device)
        : base(version)
    {
        using var scope = NewDisposeScope();
        Config = config;
        _parameters = new FlatParameters(parameters.Layout, device);
        _parameters.Tensor.copy_(tensor(parameters.Values.ToArray()));
        Decoder = new Decoder(config, _parameters, gradients: null);
    }

    public ModelConfig Config { get; }

    public Decoder Decoder { get; }

    public Device Device => _parameters.Tensor.device;

    protected override void Free()
    {
        Decoder.Dispose();
        _parameters.Dispose();
    }
}
