using System.Collections.Concurrent;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Tests.Devices;

/// <summary>An engine that samples token after token from nothing, and remembers what it was asked on which thread.</summary>
internal sealed class FakeEngine(EngineOptions options) : IInferenceEngine
{
    private readonly List<GenerationRequest> _waiting = [];
    private readonly Dictionary<long, (GenerationRequest Request, List<VersionRun> Runs)> _running = [];
    private readonly List<GenerationResult> _aborted = [];
    private IEngineWeights? _weights;
    private long _steps;
    private long _sampled;
    private long _swaps;

    public ConcurrentQueue<(string Call, int Thread)> Calls { get; } = new();

    /// <summary>Called at the beginning of every step, on the device's thread.</summary>
    public Action OnStep { get; set; } = () => { };

    /// <summary>Called after an abort, on the device's thread.</summary>
    public Action OnAbort { get; set; } = () => { };

    public PolicyVersion? Version => _weights?.Version;

    public int Slots => options.Slots;

    public int Running => _running.Count;

    public int Waiting => _waiting.Count;

    public EngineStatistics Statistics => new(_steps, 0, 0, _sampled, 0, 0, _swaps);

    public void Submit(GenerationRequest request)
    {
        Record("submit");
        if (request.PromptIds.Length == 0)
        {
            throw new InvalidGenerationRequestException("the prompt is empty");
        }

        _waiting.Add(request);
    }

    public bool Abort(long id)
    {
        Record("abort");
        if (_waiting.Find(r => r.Id == id) is { } waiting)
        {
            _waiting.Remove(waiting);
            _aborted.Add(Result(waiting, [], FinishReason.Aborted));
        }
        else if (_running.Remove(id, out var running))
        {
            _aborted.Add(Result(running.Request, running.Runs, FinishReason.Aborted));
        }
        else
        {
            return false;
        }

        OnAbort();
        return true;
    }

    public void SetWeights(IEngineWeights weights, KvOnUpdate kvOnUpdate)
    {
        Record($"weights {weights.Version}");
        _weights?.Dispose();
        _weights = weights.AddReference();
        _swaps++;
    }

    public bool Step(ICollection<GenerationResult> finished)
    {
        Record("step");
        OnStep();
        while (_running.Count < Slots && _waiting is [var next, ..])
        {
            _waiting.RemoveAt(0);
            _running.Add(next.Id, (next, []));
        }

        foreach (var result in _aborted)
        {
            finished.Add(result);
        }

        _aborted.Clear();
        _steps++;
        foreach (var (request, runs) in _running.Values.ToList())
        {
            _sampled++;
            if (runs is [.., var last] && last.Version == Version)
            {
                runs[^1] = last with { Count = last.Count + 1 };
            }
            else
            {
                runs.Add(new VersionRun(Version!.Value, 1));
            }

            if (runs.Sum(r => r.Count) == request.MaxTokens)
            {
                _running.Remove(request.Id);
                finished.Add(Result(request, runs, FinishReason.Length));
            }
        }

        return _running.Count + _waiting.Count > 0;
    }

    public void Dispose()
    {
        Record("dispose");
        _weights?.Dispose();
    }

    private static GenerationResult Result(GenerationRequest request, List<VersionRun> runs, FinishReason reason)
    {
        var count = runs.Sum(r => r.Count);
        return new GenerationResult(request.Id, [.. Enumerable.Range(0, count)], [.. Enumerable.Repeat(-0.5f, count)], runs, reason);
    }

    private void Record(string call) => Calls.Enqueue((call, Environment.CurrentManagedThreadId));
}

/// <summary>Makes fake engines and weights, and keeps them for a test to look at.</summary>
internal sealed class FakeEngineFactory : IEngineFactory
{
    public ConcurrentQueue<FakeEngine> Engines { get; } = new();

    public ConcurrentQueue<FakeWeights> Weights { get; } = new();

    /// <summary>Called with every engine that is made, on its device's thread.</summary>
    public Action<FakeEngine> OnCreate { get; init; } = _ => { };

    /// <summary>Called before parameters are prepared.</summary>
    public Action<PolicyVersion> OnPrepare { get; set; } = _ => { };

    public string Kernels => "fake";

    public bool IsDeterministic => true;

    public IEngineWeights Prepare(PolicyVersion version, ParameterSet parameters)
    {
        OnPrepare(version);
        var weights = new FakeWeights(version, parameters.Values.ToArray(), Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread);
        Weights.Enqueue(weights);
        return weights;
    }

    public IInferenceEngine Create(EngineOptions options)
    {
        var engine = new FakeEngine(options);
        OnCreate(engine);
        Engines.Enqueue(engine);
        return engine;
    }
}

/// <summary>Weights that count their references.</summary>
internal sealed class FakeWeights(PolicyVersion version, float[] values, int thread = 0, bool preparedOnPool = false) : IEngineWeights
{
    private int _references = 1;

    public PolicyVersion Version => version;

    public float[] Values => values;

    public int PreparedOnThread => thread;

    public bool PreparedOnPool => preparedOnPool;

    public int References => Volatile.Read(ref _references);

    public IEngineWeights AddReference()
    {
        int current;
        do
        {
            current = References;
            ObjectDisposedException.ThrowIf(current <= 0, this);
        }
        while (Interlocked.CompareExchange(ref _references, current + 1, current) != current);

        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) < 0)
        {
            throw new InvalidOperationException($"the weights {version} were given back once too often");
        }
    }
}
