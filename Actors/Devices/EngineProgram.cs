using Akka.Actor;
using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Devices;

/// <summary>An engine on its device's thread: steps it while it has work, and tells requesters their results straight from there.</summary>
/// <param name="device">The device's name.</param>
/// <param name="factory">Makes the engine.</param>
/// <param name="options">Its sizes, and what a swap does to its cache.</param>
/// <param name="actor">Told which requests have ended.</param>
/// <param name="time">Measures how long weights wait.</param>
internal sealed class EngineProgram(string device, IEngineFactory factory, EngineActorOptions options, IActorRef actor, TimeProvider time) : IDeviceProgram
{
    private static readonly EngineStatus Empty = new(null, 0, 0, TimeSpan.Zero, default);

    private readonly KeyValuePair<string, object?> _device = DeviceMetrics.Tag(device);
    private readonly Dictionary<long, PendingGeneration> _pending = [];
    private readonly List<GenerationResult> _finished = [];
    private IInferenceEngine? _engine;
    private Offer? _offer;
    private TimeSpan _swapDelay;
    private volatile EngineStatus _status = Empty;

    /// <summary>Puts weights in the place where the next slice looks for them; any thread may. Newer ones replace them.</summary>
    public void OfferWeights(IEngineWeights weights) => Volatile.Write(ref _offer, new Offer(weights, time.GetTimestamp()));

    /// <summary>How the engine stood after the last slice; any thread may read it.</summary>
    public EngineStatus Status => _status;

    private IInferenceEngine Engine => _engine ?? throw new InvalidOperationException("the engine was not started");

    public void Start() => _engine = factory.Create(options.Engine);

    public bool Advance()
    {
        if (Interlocked.Exchange(ref _offer, null) is { } offer)
        {
            Swap(offer);
        }

        var more = Engine.Version is not null && Engine.Step(_finished);
        foreach (var result in _finished)
        {
            if (_pending.Remove(result.Id, out var pending))
            {
                pending.Complete(result, actor);
            }
        }

        if (_finished.Count > 0)
        {
            actor.Tell(new GenerationsEnded(this, [.. _finished.Select(r => r.Id)]));
            _finished.Clear();
        }

        var status = new EngineStatus(Engine.Version, Engine.Running, Engine.Waiting, _swapDelay, Engine.Statistics);
        DeviceMetrics.Advanced(_device, _status, status);
        _status = status;
        return more;
    }

    public void Submit(PendingGeneration pending)
    {
        try
        {
            Engine.Submit(pending.ForEngine);
            _pending.Add(pending.EngineId, pending);
        }
        catch (InvalidGenerationRequestException exception)
        {
            pending.Fail(GenerationFailure.InvalidRequest, exception.Message, actor);
            actor.Tell(new GenerationsEnded(this, [pending.EngineId]));
        }
    }

    public void Abort(long engineId) => Engine.Abort(engineId);

    public void Dispose()
    {
        DeviceMetrics.Ended(_device, _status);
        _status = Empty;
        _engine?.Dispose();
    }

    private void Swap(Offer offer)
    {
        if (Engine.Version >= offer.Weights.Version || !offer.Weights.TryHold(out var held))
        {
            return;
        }

        using (held)
        {
            Engine.SetWeights(held, options.KvOnUpdate);
        }

        _swapDelay = time.GetElapsedTime(offer.Requested);
        DeviceMetrics.Swapped(_device, _swapDelay);
    }

    private sealed record Offer(IEngineWeights Weights, long Requested);
}
