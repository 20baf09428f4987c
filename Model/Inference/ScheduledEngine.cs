using Intellect3.Kernels.Sampling;
using Intellect3.Model.Configuration;
using Intellect3.Model.Inference.Cpu;

namespace Intellect3.Model.Inference;

/// <summary>
/// What every engine over a <see cref="Scheduler"/> has in common: requests, slots, the paged cache's books, sampling, counting. An implementation adds the forward
/// pass. A step plans chunks of the scheduled sequences and runs them in one pass.
/// </summary>
/// <typeparam name="TWeights">The form of weights that the implementation reads.</typeparam>
internal abstract class ScheduledEngine<TWeights> : IInferenceEngine
    where TWeights : class, IEngineWeights
{
    private readonly Scheduler _scheduler;
    private readonly StepPlan _plan = new();
    private readonly TokenSampler _sampler;
    private readonly SampleRow _sample;
    private readonly Dictionary<long, Sequence> _live = [];
    private readonly List<Sequence> _aborted = [];
    private readonly Lock _statisticsLock = new();
    private EngineStatistics _statistics;
    private TWeights? _weights;
    private ICollection<GenerationResult> _finished = [];
    private int _sampled;

    /// <summary>An engine for the model of <paramref name="config"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    protected ScheduledEngine(ModelConfig config, EngineOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PrefillTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPositions, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BlockTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CacheTokens, options.BlockTokens);
        Slots = options.Slots;
        Pool = new BlockPool(options.CacheTokens / options.BlockTokens, options.BlockTokens);
        Limits = new RequestLimits(config.VocabularySize, Math.Min(options.MaxPositions, config.MaxPositions), Pool.Count * Pool.BlockTokens);
        _scheduler = new Scheduler(Pool, options.Slots, options.PrefillTokens);
        _sampler = new TokenSampler(config.VocabularySize);
        _sample = Sample;
    }

    /// <summary>Takes the logits of a sequence that samples in this step. [vocabulary]</summary>
    protected delegate void SampleRow(Sequence sequence, ReadOnlySpan<float> logits);

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

    /// <summary>The books of the cache.</summary>
    protected BlockPool Pool { get; }

    protected RequestLimits Limits { get; }

    public void Submit(GenerationRequest request)
    {
        Limits.Check(request);
        var sequence = new Sequence(request, Limits.MaxPositions);
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
        var own = Own(weights);
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
            (_finished, _sampled) = (finished, 0);
            _scheduler.Plan(_plan);
            Forward(weights, _plan, _sample);
            Count(steps: 1, _sampled, swaps: 0);
        }

        return _live.Count > 0;
    }

    public void Dispose()
    {
        DisposeBuffers();
        _weights?.Dispose();
        _weights = null;
    }

    /// <summary>The weights as this engine's own kind.</summary>
    /// <exception cref="ArgumentException">Another factory prepared them.</exception>
    protected abstract TWeights Own(IEngineWeights weights);

    /// <summary>Runs the planned chunks and gives the logits of each sequence that samples to <paramref name="sample"/>.</summary>
    protected abstract void Forward(TWeights weights, StepPlan plan, SampleRow sample);

    /// <summary>Frees the cache and what else the implementation holds.</summary>
    protected abstract void DisposeBuffers();

    private void Sample(Sequence sequence, ReadOnlySpan<float> logits)
    {
        var (sampling, key) = (sequence.Request.Sampling, sequence.Request.Key);
        var uniform = Philox.Uniform(key.RunSeed, key.Prompt, key.Rollout, position: sequence.Tokens.Length);
        var (token, logProbability) = _sampler.Sample(logits, sampling.Temperature, sampling.TopK, sampling.TopP, sampling.MinP, uniform);
        _sampled++;
        if (sequence.Append(token, logProbability, _weights!.Version) is { } reason)
        {
            _scheduler.Remove(sequence);
            End(sequence, reason, _finished);
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
                Limits.CacheTokens,
                (long)(Pool.Count - Pool.Free) * Pool.BlockTokens,
                _statistics.WeightSwaps + swaps);
        }
    }
}
