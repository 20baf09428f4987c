using System.Runtime.InteropServices;
using Intellect3.Model.Configuration;
using Intellect3.Model.Inference.Cpu;
using static TorchSharp.torch;

namespace Intellect3.Model.Inference.Torch;

/// <summary>
/// The engine on libtorch: the trainer's network over a cache of keys and values, scheduled as the CPU engine is. A step is one forward pass over
/// all scheduled chunks.
/// </summary>
internal sealed class TorchEngine : ScheduledEngine<TorchEngineWeights>
{
    private readonly ModelConfig _config;
    private readonly Device _device;
    private readonly KeyValueCache _cache;

    /// <summary>An engine for the model of <paramref name="config"/> on a device.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public TorchEngine(ModelConfig config, Device device, EngineOptions options)
        : base(config, options)
    {
        (_config, _device) = (config, device);
        _cache = new KeyValueCache(config, Pool.Count * Pool.BlockTokens, device);
    }

    protected override TorchEngineWeights Own(IEngineWeights weights) =>
        weights is TorchEngineWeights own && (own.Config with { EosTokenIds = _config.EosTokenIds }) == _config && own.Device.ToString() == _device.ToString()
            ? own
            : throw new ArgumentException($"weights are prepared by the factory that made the engine, for {_config.ModelType} on {_device}", nameof(weights));

    protected override void Forward(TorchEngineWeights weights, StepPlan plan, SampleRow sample)
    {
        var rows = StepRows.Of(plan, Pool.BlockTokens);
        var logits = Logits(weights.Decoder, rows);
        for (var i = 0; i < rows.Sampling.Count; i++)
        {
            sample(rows.Sampling[i].Sequence, logits.AsSpan(i * _config.VocabularySize, _config.VocabularySize));
        }
    }

    protected override void DisposeBuffers() => _cache.Dispose();

    /// <summary>One forward pass; the logits of the rows that sample. [sampling, vocabulary]</summary>
    private float[] Logits(Networks.Decoder decoder, StepRows rows)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var context = new CachedAttention(_config, decoder.Rotary, _cache, rows, tensor(rows.Positions, device: _device));
        var hidden = decoder.Hidden(tensor(rows.Ids, device: _device), context);
        if (rows.Sampling.Count == 0)
        {
            return [];
        }

        var sampling = tensor(rows.Sampling.Select(s => s.Row).ToArray(), device: _device);
        return MemoryMarshal.Cast<byte, float>(decoder.Logits(hidden.index_select(0, sampling)).cpu().bytes).ToArray();
    }
}
