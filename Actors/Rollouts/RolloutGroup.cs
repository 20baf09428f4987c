using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Samples;
using Intellect3.Environments.Episodes;
using Intellect3.Model.Inference;
using Intellect3.Model.Rendering;

namespace Intellect3.Actors.Rollouts;

/// <summary>A sharded entity: one attempt at one group. Waits for the version it was promised, runs its episodes side by side, stores their payload, reports once, and passivates.</summary>
public sealed partial class RolloutGroup : ReceiveActor
{
    private readonly Func<RolloutServices?> _services;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly SortedDictionary<int, EpisodeEnded> _ended = [];
    private StartGroup? _start;
    private RolloutServices? _node;
    private EnvironmentLoan? _loan;
    private bool _reported;

    public RolloutGroup(Func<RolloutServices?> services)
    {
        _services = services;
        Receive<StartGroup>(Start);
        Receive<CancelGroup>(_ => Leave());
        Receive<NodeVersion>(_ => Run());
        Receive<EpisodeEnded>(Collect);
        Receive<EpisodeLost>(lost => Report(isFailure: false, $"rollout {lost.Rollout}: {lost.Reason}"));
        Receive<Terminated>(dead => Report(isFailure: false, $"{dead.ActorRef.Path.Name} died"));
        Receive<ReceiveTimeout>(_ => Leave());
        Receive<GetGroupStatus>(_ => Answer());
    }

    /// <param name="services">The node's; null while it is in no run.</param>
    public static Props Props(Func<RolloutServices?> services) => Akka.Actor.Props.Create(() => new RolloutGroup(services));

    protected override void PreStart() => Context.SetReceiveTimeout(TimeSpan.FromMinutes(30));

    protected override void PostStop() => _loan?.Dispose();

    protected override void PreRestart(Exception reason, object message)
    {
        Report(isFailure: false, $"the group failed: {reason.Message}");
        base.PreRestart(reason, message);
    }

    private void Start(StartGroup start)
    {
        if (_start is not null)
        {
            // Delivered again: the first one is being worked on.
            return;
        }

        _start = start;
        _node = _services();
        if (_node is null)
        {
            Report(isFailure: false, "the node is in no run");
            return;
        }

        _node.Receiver.Tell(new RequireVersion(start.Version));
    }

    private void Run()
    {
        if (_reported || Context.GetChildren().Any())
        {
            return;
        }

        var settings = _node!.Context;
        var key = new EnvironmentKey(_start!.Environment, _start.EnvironmentVersion, _start.EnvironmentHash);
        if (!_node.Environments.TryBorrow(key, out _loan))
        {
            Report(isFailure: true, $"the node has no environment {key}");
            return;
        }

        var environment = _loan.Environment;
        PlainRenderer renderer;
        try
        {
            renderer = settings.RendererFor(environment.Limits);
        }
        catch (ArgumentException exception)
        {
            Report(isFailure: true, $"{key} does not fit the model: {exception.Message}");
            return;
        }


        var sampling = _start.Temperature == 0 ? SamplingParameters.Greedy : new SamplingParameters { Temperature = _start.Temperature };
        for (var rollout = 0; rollout < _start.Size; rollout++)
        {
            var request = new EpisodeRequest(
                rollout,
                environment,
                _start.Split,
                _start.TaskIndex + (long)rollout * _start.TaskStride,
                sampling,
                new SamplingKey(settings.Settings.Seed, _start.SamplingPrompt, rollout));
            Context.Watch(Context.ActorOf(Rollout.Props(request, renderer, _node.Engines, _node.Verifiers), $"rollout-{rollout}"));
        }
    }

    private void Collect(EpisodeEnded ended)
    {
        Context.Unwatch(Sender);
        Context.Stop(Sender);
        _ended[ended.Rollout] = ended;
        if (_ended.Count < _start!.Size || _reported)
        {
            return;
        }

        EpisodeEnded[] episodes = [.. _ended.Values];
        if (GroupAssembly.Failure(_start.Id.Purpose, episodes) is { } failure)
        {
            Report(isFailure: true, failure);
            return;
        }

        try
        {
            var payload = _node!.Samples.Put($"{_start.Epoch}-{_start.Id}", PayloadFormat.Write(GroupAssembly.Payload(_start, _loan!.Environment.Key, episodes)));
            _start.Coordinator.Tell(new GroupDelivered(_start.Id, _start.Epoch, [.. episodes.Select(e => GroupAssembly.Summarise(e.Trace))], payload));
            _reported = true;
            Leave();
        }
        catch (SampleStoreFullException exception)
        {
            Report(isFailure: false, exception.Message);
        }
    }

    private void Report(bool isFailure, string reason)
    {
        if (_start is not null && !_reported)
        {
            _reported = true;
            _log.Debug("Group {0} ended: {1}", _start.Id, reason);
            _start.Coordinator.Tell(new GroupEnded(_start.Id, _start.Epoch, isFailure, reason));
        }

        Leave();
    }

    private void Leave()
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        Context.Parent.Tell(new Passivate(PoisonPill.Instance));
    }
}
