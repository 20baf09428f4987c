using System.Runtime.InteropServices;
using Intellect3.Kernels.Sampling;
using Intellect3.Model.Configuration;
using Intellect3.Model.Inference.Cpu;
using static TorchSharp.torch;

namespace Intellect3.Model.Inference.Torch;

/// <summary>
/// The engine on libtorch: the trainer's network over a cache of keys and values, scheduled as the CPU engine is. A step is one forward pass over
/// all scheduled chunks.
/// </summary>
internal sealed class TorchEngine : IInferenceEngine
{
    private readonly ModelConfig _config;
    private readonly Device _device;
    private readonly RequestLimits _limits;
    private readonly BlockPool _pool;
    private readonly Scheduler _scheduler;
    private readonly StepPlan _plan = new();
    private readonly KeyValueCache _cache;
    private readonly TokenSampler _sampler;
    private readonly Dictionary<long, Sequence> _live = [];
    private readonly List<Sequence> _aborted = [];
    private readonly Lock _statisticsLock = new();
    private EngineStatistics _statistics;
    private TorchEngineWeights? _weights;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public TorchEngine(ModelConfig config, Device device, EngineOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PrefillTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPositions, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BlockTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheTokens, options.BlockTokens);
        (_config, _device, Slots) = (config, device, options.Slots);
        _pool = new BlockPool(options.CacheTokens / options.BlockTokens, options.BlockTokens);
        var cacheTokens = _pool.Count * _pool.BlockTokens;
        _limits = new RequestLimits(config.VocabularySize, Math.Min(options.MaxPositions, config.MaxPositions), cacheTokens);
        _scheduler = new Scheduler(_pool, options.Slots, options.PrefillTokens);
        _cache = new KeyValueCache(config, cacheTokens, device);
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
        if (weights is not TorchEngineWeights own || (own.Config with { EosTokenIds = _config.EosTokenIds }) != _config || own.Device.ToString() != _device.ToString())
        {
            throw new ArgumentException($"weights are prepared by the factory that made the engine, for {_config.ModelType} on {_device}", nameof(weights));
        }

        own.AddReference();
        _weights?.Dispose();
        _weights = own;
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
            var rows = StepRows.Of(_plan, _pool.BlockTokens);
            Sample(weights.Version, rows, Logits(weights.Decoder, rows), finished);
            Count(steps: 1, rows.Sampling.Count, swaps: 0);
        }

        return _live.Count > 0;
    }

    public void Dispose()
    {
        _cache.Dispose();
        _weights?.Dispose();
        _weights = null;
    }

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

    private void Sample(PolicyVersion version, StepRows rows, float[] logits, ICollection<GenerationResult> finished)
    {
        for (var i = 0; i < rows.Sampling.Count; i++)
        {
            var sequence = rows.Sampling[i].Sequence;
            var (sampling, key) = (sequence.Request.Sampling, sequence.Request.Key);
            var uniform = Philox.Uniform(key.RunSeed, key.Prompt, key.Rollout, position: sequence.Tokens.Length);
            var row = logits.AsSpan(i * _config.VocabularySize, _config.VocabularySize);
            var (token, logProbability) = _sampler.Sample(row, sampling.Temperature, sampling.TopK, sampling.TopP, sampling.MinP, uniform);
            if (sequence.Append(token, logProbability, version) is { } reason)
            {
                _scheduler.Remove(sequence);
                End(sequence, reason, finished);
            }
        }
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
