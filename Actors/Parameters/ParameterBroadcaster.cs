using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>On a trainer node: puts every committed version on the shelf, announces it on cluster pub-sub, and answers who asks for the newest.</summary>
/// <remarks>One lives on a trainer node, under <see cref="ActorName"/>, where receivers look for it. Hashes on a thread of its own.</remarks>
public sealed class ParameterBroadcaster : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string ActorName = "parameter-broadcaster";

    /// <summary>The topic of <see cref="WeightsAvailable"/>.</summary>
    public const string Topic = "weights-available";

    /// <summary>Receivers that pull from one node.</summary>
    public const int Arity = 2;

    private readonly ParameterShelf _shelf;
    private readonly IActorRef _mediator;
    private readonly DeviceThread _thread = new("parameter hashes", capacity: 4, TimeSpan.FromSeconds(5));
    private readonly DistributionTree<IActorRef> _tree = new(Arity);
    private readonly NoProgram _program = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private DeviceSession? _session;

    /// <param name="shelf">Among the byte sources of the node; outlives this actor.</param>
    /// <param name="mediator">The cluster's pub-sub mediator.</param>
    public ParameterBroadcaster(ParameterShelf shelf, IActorRef mediator)
    {
        (_shelf, _mediator) = (shelf, mediator);
        Receive<PublishParameters>(Hash);
        Receive<Hashed>(Publish);
        Receive<GetCurrentVersion>(Answer);
        Receive<Terminated>(dead => _tree.Leave(dead.ActorRef));
        Receive<DeviceFaulted>(fault => throw new DeviceFaultException(_thread.Name, fault.Exception));
    }

    public static Props Props(ParameterShelf shelf, IActorRef mediator) => Akka.Actor.Props.Create(() => new ParameterBroadcaster(shelf, mediator));

    protected override void PreStart()
    {
        var self = Self;
        _session = _thread.Open(_program, exception => self.Tell(new DeviceFaulted(_program, exception)));
    }

    protected override void PostStop() => _thread.Dispose();

    private void Answer(GetCurrentVersion question)
    {
        // A receiver on this node is no help: it shares the uplink.
        if (question.Relay is { } relay && relay != _shelf.Node && _tree.Join(Sender, relay))
        {
            Context.Watch(Sender);
        }

        Sender.Tell(new CurrentVersion(_shelf.Newest, _tree.AncestorsOf(Sender)));
    }

    private void Hash(PublishParameters publish)
    {
        var (self, trainer) = (Self, Sender);
        if (_session!.TryPost(() => self.Tell(new Hashed(publish, ParameterContent.DigestOf(publish.Parameters), DeltaTo(publish.Parameters)), trainer)) != DevicePost.Accepted)
        {
            _log.Error("Version {0} was not published: too many versions wait to be hashed", publish.Version);
            publish.Parameters.Dispose();
        }
    }

    /// <summary>What changed since the newest version on the shelf, when that is much less.</summary>
    private (PolicyVersion Base, MemoryContent Content)? DeltaTo(ParameterSet parameters)
    {
        if (_shelf.BorrowNewest() is not var (version, newest))
        {
            return null;
        }

        using (newest)
        {
            return ParameterContent.DeltaBetween(newest, parameters) is { } delta ? (version, new MemoryContent(delta)) : null;
        }
    }

    private void Publish(Hashed hashed)
    {
        using var parameters = hashed.Publish.Parameters;
        if (_shelf.Put(hashed.Publish.Version, parameters, hashed.Digest, hashed.Delta) is not { } manifest)
        {
            _log.Warning("Version {0} was not published: the node serves {1} already", hashed.Publish.Version, _shelf.Newest?.Version);
            return;
        }

        ParameterMetrics.Publications.Add(1);
        _mediator.Tell(new Publish(Topic, new WeightsAvailable(manifest, Self)));
        Sender.Tell(new ParametersPublished(manifest));
        _log.Info("Published version {0}: {1} bytes ({2} changed), hash {3}", manifest.Version, manifest.Content.Length, manifest.Delta?.Content.Length ?? manifest.Content.Length, manifest.Content.Hash);
    }

    private sealed record Hashed(PublishParameters Publish, ContentDigest Digest, (PolicyVersion Base, MemoryContent Content)? Delta) : INoSerializationVerificationNeeded;
}
