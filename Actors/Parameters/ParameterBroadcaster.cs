using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Parameters;

/// <summary>On a trainer node: puts every committed version on the shelf, announces it on cluster pub-sub, and answers who asks for the newest.</summary>
/// <remarks>One lives on a trainer node, under <see cref="ActorName"/>, where receivers look for it. Hashes on a thread of its own.</remarks>
public sealed class ParameterBroadcaster : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string ActorName = "parameter-broadcaster";

    /// <summary>The topic of <see cref="WeightsAvailable"/>.</summary>
    public const string Topic = "weights-available";

    private readonly ParameterShelf _shelf;
    private readonly IActorRef _mediator;
    private readonly DeviceThread _thread = new("parameter hashes", capacity: 4, TimeSpan.FromSeconds(5));
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
        Receive<GetCurrentVersion>(_ => Sender.Tell(new CurrentVersion(_shelf.Newest)));
        Receive<DeviceFaulted>(fault => throw new DeviceFaultException(_thread.Name, fault.Exception));
    }

    public static Props Props(ParameterShelf shelf, IActorRef mediator) => Akka.Actor.Props.Create(() => new ParameterBroadcaster(shelf, mediator));

    protected override void PreStart()
    {
        var self = Self;
        _session = _thread.Open(_program, exception => self.Tell(new DeviceFaulted(_program, exception)));
    }

    protected override void PostStop() => _thread.Dispose();

    private void Hash(PublishParameters publish)
    {
        var (self, trainer) = (Self, Sender);
        if (_session!.TryPost(() => self.Tell(new Hashed(publish, ParameterContent.DigestOf(publish.Parameters)), trainer)) != DevicePost.Accepted)
        {
            _log.Error("Version {0} was not published: too many versions wait to be hashed", publish.Version);
            publish.Parameters.Dispose();
        }
    }

    private void Publish(Hashed hashed)
    {
        using var parameters = hashed.Publish.Parameters;
        if (_shelf.Put(hashed.Publish.Version, parameters, hashed.Digest) is not { } manifest)
        {
            _log.Warning("Version {0} was not published: the node serves {1} already", hashed.Publish.Version, _shelf.Newest?.Version);
            return;
        }

        _mediator.Tell(new Publish(Topic, new WeightsAvailable(manifest, Self)));
        Sender.Tell(new ParametersPublished(manifest));
        _log.Info("Published version {0}: {1} bytes, hash {2}", manifest.Version, manifest.Content.Length, manifest.Content.Hash);
    }

    private sealed record Hashed(PublishParameters Publish, ContentDigest Digest) : INoSerializationVerificationNeeded;
}
