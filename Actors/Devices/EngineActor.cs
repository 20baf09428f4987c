using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Devices;

/// <summary>
/// In front of an engine: takes <see cref="Generate"/>, <see cref="AbortGeneration"/>, <see cref="SwapWeights"/> and <see cref="GetEngineStatus"/>, and
/// answers at once whatever the engine is doing. When the engine fails, its requesters are told that it is lost and this actor restarts with a new one.
/// </summary>
public sealed class EngineActor : ReceiveActor
{
    private readonly DeviceThread _device;
    private readonly EngineActorOptions _options;
    private readonly IActorRef _owner;
    private readonly EngineProgram _program;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<long, PendingGeneration> _pending = [];
    private readonly Dictionary<IActorRef, HashSet<long>> _byRequester = [];
    private DeviceSession? _session;
    private long _lastId;

    /// <param name="device">The thread to run on.</param>
    /// <param name="factory">Makes the engine, on that thread.</param>
    /// <param name="options">Sizes and limits.</param>
    /// <param name="owner">Told <see cref="EngineStarted"/>, which it answers with the weights to use, and <see cref="EngineReleased"/> for requests that have ended.</param>
    /// <param name="time">Measures swaps.</param>
    public EngineActor(DeviceThread device, IEngineFactory factory, EngineActorOptions options, IActorRef owner, TimeProvider time)
    {
        (_device, _options, _owner) = (device, options, owner);
        _program = new EngineProgram(device.Name, factory, options, Self, time);
        Receive<Generate>(Take);
        Receive<AbortGeneration>(abort => AbortWhere(_byRequester.GetValueOrDefault(Sender), p => p.RequestId == abort.Id));
        Receive<SwapWeights>(Swap);
        Receive<GetEngineStatus>(_ => Sender.Tell(_program.Status));
        Receive<GenerationsEnded>(Forget);
        Receive<Terminated>(dead => AbortWhere(_byRequester.GetValueOrDefault(dead.ActorRef), _ => true));
        Receive<DeviceFaulted>(Fail);
    }

    public static Props Props(DeviceThread device, IEngineFactory factory, EngineActorOptions options, IActorRef owner, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new EngineActor(device, factory, options, owner, time));

    protected override void PreStart()
    {
        var self = Self;
        _session = _device.Open(_program, exception => self.Tell(new DeviceFaulted(_program, exception)));
        _owner.Tell(new EngineStarted());
    }

    protected override void PostStop()
    {
        _session?.Dispose();
        foreach (var pending in _pending.Values)
        {
            pending.Fail(GenerationFailure.EngineLost, $"the engine on the device '{_device.Name}' was stopped", Self);
        }

        Release(_pending.Count);
    }

    private void Take(Generate generate)
    {
        var pending = new PendingGeneration(++_lastId, Sender, generate.Request);
        var posted = _pending.Count >= _options.MaxRequests ? DevicePost.QueueFull : _session!.TryPost(() => _program.Submit(pending));
        if (posted != DevicePost.Accepted)
        {
            pending.Fail(
                posted == DevicePost.QueueFull ? GenerationFailure.Busy : GenerationFailure.EngineLost,
                posted == DevicePost.QueueFull ? $"{_pending.Count} requests wait for the device '{_device.Name}' already" : $"the engine on the device '{_device.Name}' has failed",
                Self);
            Release(1);
            return;
        }

        _pending.Add(pending.EngineId, pending);
        if (!_byRequester.TryGetValue(Sender, out var ids))
        {
            Context.Watch(Sender);
            _byRequester.Add(Sender, ids = []);
        }

        ids.Add(pending.EngineId);
    }

    private void AbortWhere(HashSet<long>? ids, Func<PendingGeneration, bool> condition)
    {
        foreach (var id in ids ?? [])
        {
            // A refusal needs no answer: the program has failed and answers all, or the request ends by itself.
            if (condition(_pending[id]))
            {
                _session!.TryPost(() => _program.Abort(id));
            }
        }
    }

    private void Swap(SwapWeights swap)
    {
        _program.OfferWeights(swap.Weights);

        // Wakes the device. When its queue is full it is awake.
        _session!.TryPost(() => { });
    }

    private void Forget(GenerationsEnded ended)
    {
        // What the program before answered was released when it was stopped.
        if (ended.Program != _program)
        {
            return;
        }

        foreach (var id in ended.EngineIds)
        {
            if (_pending.Remove(id, out var pending) && _byRequester.TryGetValue(pending.Requester, out var ids))
            {
                ids.Remove(id);
                if (ids.Count == 0)
                {
                    _byRequester.Remove(pending.Requester);
                    Context.Unwatch(pending.Requester);
                }
            }
        }

        Release(ended.EngineIds.Count);
    }

    private void Release(int requests)
    {
        if (requests > 0)
        {
            _owner.Tell(new EngineReleased(requests));
        }
    }

    private void Fail(DeviceFaulted fault)
    {
        if (fault.Program == _program)
        {
            throw new DeviceFaultException(_device.Name, fault.Exception);
        }

        _log.Warning(fault.Exception, "The program before on the device '{0}' failed at its end", _device.Name);
    }
}
