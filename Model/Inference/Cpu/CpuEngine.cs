using Intellect3.Kernels.Features;
using Intellect3.Kernels.Rotary;
using Intellect3.Model.Configuration;

namespace Intellect3.Model.Inference.Cpu;

/// <summary>The engine on our own kernels: one forward pass a step over chunks of the scheduled sequences, their keys and values in a paged cache that shares prefixes.</summary>
/// <remarks>
/// A result's bits are a function of the weights and the request. Where weights are swapped under <see cref="KvOnUpdate.Keep"/> they also depend on when,
/// and on whether the sequence was preempted afterwards: then nothing of the older version is left in its cache.
/// </remarks>
internal sealed class CpuEngine : ScheduledEngine<CpuEngineWeights>
{
    // What the kernels' vectors divide on every path.
    private const int BlockUnit = 16;

    private readonly ModelConfig _config;
    private readonly KernelPath _path;
    private readonly DecoderPass _pass;

    /// <summary>An engine for the model of <paramref name="config"/>; <paramref name="rotary"/> covers its positions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public CpuEngine(ModelConfig config, KernelPath path, RotaryTable rotary, EngineOptions options)
        : base(config, options)
    {
        if (options.BlockTokens % BlockUnit != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.BlockTokens, $"{nameof(options.BlockTokens)} is a multiple of {BlockUnit}, at least {BlockUnit}");
        }

        (_config, _path) = (config, path);

        // Every row of a step has a place of its own in the cache.
        var maxRows = (int)Math.Min((long)options.PrefillTokens + options.Slots, Limits.CacheTokens);
        _pass = new DecoderPass(config, path, rotary, Pool.Count, Pool.BlockTokens, maxRows, Math.Min(options.Slots, maxRows));
    }

    protected override CpuEngineWeights Own(IEngineWeights weights) =>
        // A list is equal to itself alone, and what ends a sequence is no matter of the weights.
        weights is CpuEngineWeights packed && (packed.Config with { EosTokenIds = _config.EosTokenIds }) == _config && packed.Path == _path
            ? packed
            : throw new ArgumentException($"weights are prepared by the factory that made the engine, for {_config.ModelType} on {KernelPaths.Name(_path)}", nameof(weights));

    protected override void Forward(CpuEngineWeights weights, StepPlan plan, SampleRow sample)
    {
        _pass.Run(weights, plan);
        var row = 0;
        foreach (var chunk in plan.Chunks)
        {
            if (chunk.Samples)
            {
                sample(chunk.Sequence, _pass.Logits(row++));
            }
        }
    }

    protected override void DisposeBuffers() => _pass.Dispose();
}
