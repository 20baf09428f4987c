using Intellect3.Kernels.Features;
using Intellect3.Kernels.Rotary;
using Intellect3.Kernels.Sampling;
using Intellect3.Model.Configuration;

namespace Intellect3.Model.Inference.Cpu;

/// <summary>The engine on our own kernels: one forward pass a step over chunks of the scheduled sequences, their keys and values in a paged cache that shares prefixes.</summary>
/// <remarks>
/// A result's bits are a function of the weights and the request. Where weights are swapped under <see cref="KvOnUpdate.Keep"/> they also depend on when,
/// and on whether the sequence was preempted afterwards: then nothing of the older version is left in its cache.
/// </remarks>
internal sealed class CpuEngine : IInferenceEngine
{
    // What the kernels' vectors divide on every path.
    private const int BlockUnit = 16;

    private readonly ModelConfig _config;
    private readonly KernelPath _path;
    private readonly RequestLimits _limits;
    private readonly BlockPool _pool;
    private readonly Scheduler _scheduler;
    private readonly StepPlan _plan = new();
    private readonly DecoderPass _pass;
    private readonly TokenSampler _sampler;
    private readonly Dictionary<long, Sequence> _live = [];
    private readonly List<Sequence> _aborted = [];
    private readonly Lock _statisticsLock = new();
    private EngineStatistics _statistics;
    private CpuEngineWeights? _weights;

    /// <summary>An engine for the model of <paramref name="config"/>; <paramref name="rotary"/> covers its positions.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public CpuEngine(ModelConfig config, KernelPath path, RotaryTable rotary, EngineOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PrefillTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPositions, 2);
        if (options.BlockTokens < BlockUnit || options.BlockTokens % BlockUnit != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.BlockTokens, $"{nameof(options.BlockTokens)} is a multiple of {BlockUnit}, at least {BlockUnit}");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheTokens, options.BlockTokens);
        _config = config;
        _path = path;
        Slots = options.Slots;
        _pool = new BlockPool(options.CacheTokens / options.BlockTokens, options.BlockTokens);
        _limits = new RequestLimits(config.VocabularySize, Math.Min(options.MaxPositions, config.MaxPositions), _pool.Count * _pool.BlockTokens);
        _scheduler = new Scheduler(_pool, options.Slots, options.PrefillTokens);

        // Every row of a step has a place of its own in the cache.
        var maxRows = (int)Math.Min((long)options.PrefillTokens + options.Slots, _limits.CacheTokens);
        _pass = new DecoderPass(config, path, rotary, _pool.Count, _pool.BlockTokens, maxRows, Math.Min(options.Slots, maxRows));
        _sampler = new TokenSampler(config.VocabularySize);
    }

    public PolicyVersion? Version => _weights?.Version;

    public int Slots { get; }

    public int Running => _scheduler.Running;

    public int Waiting => _scheduler.Waiting;

    public EngineStatistics Statistics
    {
        get
        {
            lock (_statisticsLock)
            {
                return _statistics;
            }
        }
    }

    public void Submit(GenerationRequest request)
    {
        _limits.Check(request);
        var sequence = new Sequence(request, _limits.MaxPositions);
        if (!_live.TryAdd(request.Id, sequence))
        {
            throw new InvalidGenerationRequestException($"request {request.Id}: a live request has this id; wait for its result or choose another");
        }

        _scheduler.Add(sequence);
    }

    public bool Abort(long id)
    {
        if (!_live.TryGetValue(id, out var sequence) || _aborted.Contains(sequence))
        {
            return false;
        }

        _scheduler.Remove(sequence);
        _aborted.Add(sequence);
        return true;
    }

    public void SetWeights(IEngineWeights weights, KvOnUpdate kvOnUpdate)
    {
        // A list is equal to itself alone, and what ends a sequence is no matter of the weights.
        if (weights is not CpuEngineWeights packed || (packed.Config with { EosTokenIds = _config.EosTokenIds }) != _config || packed.Path != _path)
        {
            throw new ArgumentException($"weights are prepared by the factory that made the engine, for {_config.ModelType} on {KernelPaths.Name(_path)}", nameof(weights));
        }

        packed.AddReference();
        _weights?.Dispose();
        _weights = packed;
        _scheduler.ChangeWeights(kvOnUpdate);
        Count(steps: 0, sampled: 0, swaps: 1);
    }

    public bool Step(ICollection<GenerationResult> finished)
    {
        var weights = _weights ?? throw new InvalidOperationException($"the engine has no weights; call {nameof(SetWeights)} first");
        foreach (var sequence in _aborted)
        {
            End(sequence, FinishReason.Aborted, finished);
        }

        _aborted.Clear();
        if (_live.Count > 0)
        {
            _scheduler.Plan(_plan);
            _pass.Run(weights, _plan);
            Count(steps: 1, Sample(weights.Version, finished), swaps: 0);
        }

        return _live.Count > 0;
    }

    public void Dispose()
    {
        _pass.Dispose();
        _weights?.Dispose();
        _weights = null;
    }

    private int Sample(PolicyVersion version, ICollection<GenerationResult> finished)
    {
        var sampled = 0;
        foreach (var chunk in _plan.Chunks)
        {
            if (chunk.Samples)
            {
                var (token, logProbability) = Draw(chunk.Sequence, _pass.Logits(sampled++));
                if (chunk.Sequence.Append(token, logProbability, version) is { } reason)
                {
                    _scheduler.Remove(chunk.Sequence);
                    End(chunk.Sequence, reason, finished);
                }
            }
        }

        return sampled;
    }

    private (int Token, float LogProbability) Draw(Sequence sequence, ReadOnlySpan<float> logits)
    {
        var (sampling, key) = (sequence.Request.Sampling, sequence.Request.Key);
        var uniform = Philox.Uniform(key.RunSeed, key.Prompt, key.Rollout, position: sequence.Tokens.Length);
        return _sampler.Sample(logits, sampling.Temperature, sampling.TopK, sampling.TopP, sampling.MinP, uniform);
    }

    private void End(Sequence sequence, FinishReason reason, ICollection<GenerationResult> finished)
    {
        _live.Remove(sequence.Request.Id);
        finished.Add(sequence.ToResult(reason));
    }

    private void Count(int steps, int sampled, int swaps)
    {
        lock (_statisticsLock)
        {
            _statistics = new EngineStatistics(
                _statistics.Steps + steps,
                _scheduler.AdmittedTokens,
                _scheduler.SharedTokens,
                _statistics.SampledTokens + sampled,
                _limits.CacheTokens,
                (long)(_pool.Count - _pool.Free) * _pool.BlockTokens,
                _statistics.WeightSwaps + swaps);
        }
    }
}
