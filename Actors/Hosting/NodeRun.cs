using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Training;
using Intellect3.Actors.Transport;
using Intellect3.Model.Native;

namespace Intellect3.Actors.Hosting;

/// <summary>What a node has of one run: the actors of its roles, and the bytes that they serve. Used by its agent alone.</summary>
internal sealed class NodeRun : IDisposable
{
    private const long SampleCapacityBytes = 1L << 30;

    /// <summary>How long an older version stays for receivers that are still pulling it.</summary>
    private static readonly TimeSpan KeepAsked = TimeSpan.FromSeconds(30);

    /// <summary>How long another node may wait for weights that this one has not begun to pull.</summary>
    private static readonly TimeSpan RelayPatience = TimeSpan.FromSeconds(2);

    private readonly NodeServices _node;
    private readonly HashSet<IActorRef> _actors = [];
    private ParameterShelf? _shelf;
    private SampleStore? _samples;

    private NodeRun(NodeServices node, RunDescriptor descriptor) => (_node, Descriptor) = (node, descriptor);

    public RunDescriptor Descriptor { get; }

    public bool IsStopping { get; private set; }

    /// <summary>True once all its actors are gone.</summary>
    public bool IsEmpty => _actors.Count == 0;

    /// <summary>Starts the actors of a node's roles as children of its agent.</summary>
    /// <exception cref="RunRefusedException">The settings are not as they must be.</exception>
    public static NodeRun Start(IActorContext agent, NodeServices node, IReadOnlyList<string> roles, RunDescriptor descriptor, IActorRef runs, Action<RolloutServices?> offer)
    {
        var context = new PolicyContext(node.Library.Parse(descriptor.Config), node.Tasksets);
        var run = new NodeRun(node, descriptor);
        if (roles.Contains(NodeRoles.Trainer))
        {
            TorchNative.EnsureLoaded();
            run.StartTrainer(agent, context, runs);
        }

        if (roles.Contains(NodeRoles.Rollout))
        {
            run.StartRollouts(agent, context, runs, offer);
        }

        return run;
    }

    /// <summary>Stops the actors; their ends come as <see cref="Terminated"/>.</summary>
    public void Stop(IActorContext agent)
    {
        IsStopping = true;
        foreach (var actor in _actors)
        {
            agent.Stop(actor);
        }
    }

    /// <summary>An actor is gone. False when it was none of these.</summary>
    public bool Bury(IActorRef actor) => _actors.Remove(actor);

    public void Dispose()
    {
        _node.Sources.Remove(ParameterShelf.SourceName);
        _node.Sources.Remove(SampleStore.SourceName);
        _node.Sources.Remove(ContentRelay.SourceName);
        _shelf?.Dispose();
        if (_samples is not null)
        {
            SampleMetrics.Remove(_samples);
        }
    }

    private void StartRollouts(IActorContext agent, PolicyContext context, IActorRef runs, Action<RolloutServices?> offer)
    {
        _samples = new SampleStore(_node.Address, SampleCapacityBytes);
        SampleMetrics.Add(_samples);
        _node.Sources.Add(SampleStore.SourceName, _samples);
        var relay = new ContentRelay(_node.Address, RelayPatience, _node.Time);
        _node.Sources.Add(ContentRelay.SourceName, relay);
        Add(agent, RolloutNode.Props(Descriptor.Instance, context, _node, _samples, relay, runs, offer), RolloutNode.ActorName);
    }

    private void StartTrainer(IActorContext agent, PolicyContext context, IActorRef runs)
    {
        _shelf = new ParameterShelf(Descriptor.Instance, _node.Address, _node.Time, KeepAsked);
        _node.Sources.Add(ParameterShelf.SourceName, _shelf);
        var broadcaster = Add(agent, ParameterBroadcaster.Props(_shelf, DistributedPubSub.Get(agent.System).Mediator), ParameterBroadcaster.ActorName);
        Add(agent, TrainerNode.Props(new TrainerServices(Descriptor.Instance, context, _node.Channel, broadcaster, runs)), TrainerNode.ActorName);
    }

    private IActorRef Add(IActorContext agent, Props props, string name)
    {
        var actor = agent.Watch(agent.ActorOf(props, name));
        _actors.Add(actor);
        return actor;
    }
}
