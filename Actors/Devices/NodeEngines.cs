using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Devices;

/// <summary>
/// The engines of a rollout node: makes a <see cref="DeviceActor"/> for each, hands every <see cref="Generate"/> to one of them, and gives the newest
/// weights to all, also to one that has just been restarted.
/// </summary>
public sealed class NodeEngines : ReceiveActor
{
    private readonly EngineChooser _chooser;
    private readonly Dictionary<int, IActorRef> _devices = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IEngineWeights? _weights;

    public NodeEngines(NodeEnginesOptions options, IEngineFactory factory, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _chooser = new EngineChooser(options.Engine.Engine.Slots);
        var self = Self;
        foreach (var (device, index) in options.Devices.Select((d, i) => (d, i)))
        {
            _chooser.Add(index);
            _devices.Add(index, Context.Watch(Context.ActorOf(
                DeviceActor.Props(device, options.Device, thread => EngineActor.Props(thread, factory, options.Engine, self, time)),
                $"device-{index}")));
        }

        Receive<Generate>(HandOut);
        Receive<AbortGeneration>(ForwardToAll);
        Receive<SwapWeights>(Swap);
        Receive<GetFreeSlots>(_ => Sender.Tell(new FreeSlots(_chooser.Slots, _chooser.Free)));
        Receive<GetEngineStatus>(ask => AskAll(ask, options.StatusTimeout).PipeTo(Sender, Self));
        Receive<EngineStarted>(_ => Welcome());
        Receive<EngineReleased>(released => _chooser.Release(DeviceOf(Sender), released.Requests));
        Receive<Terminated>(Lose);
    }

    public static Props Props(NodeEnginesOptions options, IEngineFactory factory, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new NodeEngines(options, factory, time));

    protected override void PostStop() => _weights?.Dispose();

    private void HandOut(Generate generate)
    {
        if (_chooser.Choose(generate.Affinity) is { } engine)
        {
            _devices[engine].Forward(generate);
        }
        else
        {
            Sender.Tell(new GenerationFailed(generate.Request.Id, GenerationFailure.EngineLost, "no engine of the node is left"));
        }
    }

    private void Swap(SwapWeights swap)
    {
        if (_weights?.Version >= swap.Weights.Version || !swap.Weights.TryHold(out var held))
        {
            return;
        }

        _weights?.Dispose();
        _weights = held;
        ForwardToAll(swap);
    }

    private void Welcome()
    {
        if (_weights is not null)
        {
            Sender.Tell(new SwapWeights(_weights));
        }
    }

    private void ForwardToAll(object message)
    {
        foreach (var device in _devices.Values)
        {
            device.Forward(message);
        }
    }

    private Task<EnginesStatus> AskAll(GetEngineStatus ask, TimeSpan timeout)
    {
        var answers = _devices.OrderBy(d => d.Key).Select(d => d.Value.Ask<EngineStatus>(ask, timeout)).ToList();
        return Collect(answers);

        static async Task<EnginesStatus> Collect(IReadOnlyList<Task<EngineStatus>> answers)
        {
            var engines = new List<EngineStatus>();
            foreach (var answer in answers)
            {
                try
                {
                    engines.Add(await answer);
                }
                catch (AskTimeoutException)
                {
                    // An engine that does not answer has no entry.
                }
            }

            return new EnginesStatus(engines);
        }
    }

    private void Lose(Terminated terminated)
    {
        var (engine, _) = _devices.FirstOrDefault(d => d.Value.Equals(terminated.ActorRef), new(-1, ActorRefs.Nobody));
        _devices.Remove(engine);
        _chooser.Remove(engine);
        _log.Error("Engine {0} of the node is lost, {1} are left", engine, _devices.Count);
    }

    private int DeviceOf(IActorRef engine) => _devices.FirstOrDefault(d => engine.Path.Parent.Equals(d.Value.Path), new(-1, ActorRefs.Nobody)).Key;
}
