using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>
/// On a rollout node: keeps the node's engines at the newest version. Hears of versions by pub-sub, and asks the trainer nodes when they
/// are up, when subscribed, every few seconds, and when work names a version that the node lacks. Pulls the bytes, prepares them once on a thread of its own, and
/// lends them to all engines.
/// </summary>
public sealed class ParameterReceiver : ReceiveActor, IWithTimers
{
    private readonly ParameterReceiverOptions _options;
    private readonly ContentHash _fingerprint;
    private readonly IEngineFactory _factory;
    private readonly ParameterFetch _fetch;
    private readonly NodeAddress? _relay;
    private readonly IActorRef _engines;
    private readonly IActorRef _mediator;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly VersionTracker _tracker = new();
    private readonly Dictionary<IActorRef, PolicyVersion> _waiting = [];
    private readonly CancellationTokenSource _stopped = new();
    private readonly DeviceThread _thread = new("parameters", capacity: 1, TimeSpan.FromSeconds(5));
    private readonly NoProgram _program = new();
    private DeviceSession? _session;
    private IActorRef _broadcaster = ActorRefs.Nobody;
    private IReadOnlyList<NodeAddress> _relays = [];
    private IEngineWeights? _weights;

    /// <param name="options">Times and roles.</param>
    /// <param name="layout">The model's; versions of another layout are refused.</param>
    /// <param name="factory">Prepares parameters for the engines.</param>
    /// <param name="channel">Where bytes are pulled.</param>
    /// <param name="engines">The node's <see cref="NodeEngines"/>.</param>
    /// <param name="mediator">The cluster's pub-sub mediator.</param>
    /// <param name="relay">Among the byte sources of the node, when it passes on what it pulls; of this receiver alone.</param>
    public ParameterReceiver(ParameterReceiverOptions options, ParameterLayout layout, IEngineFactory factory, IByteChannel channel, IActorRef engines, IActorRef mediator, ContentRelay? relay)
    {
        (_options, _factory, _engines, _mediator, _relay) = (options, factory, engines, mediator, relay?.Node);
        _fetch = new ParameterFetch(layout, channel, relay, options.ChunkPatience);
        _fingerprint = LayoutFingerprint.Of(layout);
        Receive<SubscribeAck>(_ => AskTrainers());
        Receive<ClusterEvent.MemberUp>(up => AskTrainer(up.Member));
        Receive<AskNow>(_ =>
        {
            AskTrainers();
            LendWeights();
        });
        Receive<WeightsAvailable>(Hear);
        Receive<CurrentVersion>(current =>
        {
            _relays = current.Relays;
            Announce(current.Manifest);
        });
        Receive<RequireVersion>(Require);
        Receive<GetNodeVersion>(_ => Sender.Tell(new NodeVersion(_tracker.Current)));
        Receive<Pulled>(Prepare);
        Receive<Prepared>(Swap);
        Receive<FetchFailed>(Fail);
        Receive<DeltaFailed>(failed =>
        {
            _log.Warning(failed.Exception, "Version {0} is pulled whole", failed.Manifest.Version);
            Pull(failed.Manifest, whole: true);
        });
        Receive<Terminated>(dead => _waiting.Remove(dead.ActorRef));
        Receive<DeviceFaulted>(fault => throw new DeviceFaultException(_thread.Name, fault.Exception));
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ParameterReceiverOptions options, ParameterLayout layout, IEngineFactory factory, IByteChannel channel, IActorRef engines, IActorRef mediator, ContentRelay? relay = null) =>
        Akka.Actor.Props.Create(() => new ParameterReceiver(options, layout, factory, channel, engines, mediator, relay));

    protected override void PreStart()
    {
        var self = Self;
        _session = _thread.Open(_program, exception => self.Tell(new DeviceFaulted(_program, exception)));
        _mediator.Tell(new Subscribe(ParameterBroadcaster.Topic, Self));
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
        Timers.StartPeriodicTimer(nameof(AskNow), AskNow.Instance, _options.AskInterval);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _stopped.Cancel();
        _thread.Dispose();
        _fetch.Dispose();
        _weights?.Dispose();
    }

    private void AskTrainers()
    {
        _broadcaster.Tell(new GetCurrentVersion(_relay));
        foreach (var member in _cluster.State.Members.Where(m => m.Status == MemberStatus.Up))
        {
            AskTrainer(member);
        }
    }

    private void AskTrainer(Member member)
    {
        if (member.HasRole(_options.TrainerRole))
        {
            Context.ActorSelection($"{new RootActorPath(member.Address)}{_options.BroadcasterPath}").Tell(new GetCurrentVersion(_relay));
        }
    }

    private void Require(RequireVersion require)
    {
        if (_tracker.Has(require.Version))
        {
            Sender.Tell(new NodeVersion(_tracker.Current));
            return;
        }

        Context.Watch(Sender);
        _waiting[Sender] = require.Version;
        if (_tracker.MustAskFor(require.Version))
        {
            AskTrainers();
        }
    }

    private void Hear(WeightsAvailable available)
    {
        _broadcaster = available.Broadcaster;
        if (_relay is null)
        {
            Announce(available.Manifest);
        }
        else if (_tracker.MustAskFor(available.Manifest.Version))
        {
            // The answer says which node to pull it from.
            _broadcaster.Tell(new GetCurrentVersion(_relay));
        }
    }

    private void Announce(ParameterManifest? manifest)
    {
        if (manifest is null || manifest.Run != _options.Run)
        {
            return;
        }

        if (manifest.Layout != _fingerprint)
        {
            _log.Error("Version {0} has parameters of another model (layout {1}, this node has {2}); it is not used", manifest.Version, manifest.Layout, _fingerprint);
            return;
        }

        Fetch(_tracker.Announce(manifest));
    }

    private void Fetch(ParameterManifest? manifest)
    {
        if (manifest is not null)
        {
            Pull(manifest, whole: false);
        }
    }

    private void Pull(ParameterManifest manifest, bool whole) => PullAsync(manifest, _relays, whole).PipeTo(Self);

    private async Task<object> PullAsync(ParameterManifest manifest, IReadOnlyList<NodeAddress> relays, bool whole)
    {
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
            deadline.CancelAfter(_options.PullTimeout);
            return new Pulled(await _fetch.PullAsync(manifest, relays, whole, deadline.Token));
        }
        catch (Exception exception)
        {
            return new FetchFailed(manifest.Version, exception);
        }
    }

    private void Prepare(Pulled pulled)
    {
        var (self, fetched) = (Self, pulled.Fetched);
        foreach (var complaint in fetched.Complaints)
        {
            _log.Info("Version {0} came another way: {1}", fetched.Manifest.Version, complaint);
        }

        if (!IsFetching(fetched.Manifest.Version) || _session!.TryPost(() => self.Tell(PrepareOn(fetched))) != DevicePost.Accepted)
        {
            _fetch.Abandon(fetched);
        }
    }

    private object PrepareOn(FetchedParameters fetched)
    {
        try
        {
            using var parameters = _fetch.Complete(fetched);
            return new Prepared(_factory.Prepare(fetched.Manifest.Version, parameters));
        }
        catch (ContentUnavailableException exception)
        {
            return new DeltaFailed(fetched.Manifest, exception);
        }
        catch (Exception exception)
        {
            return new FetchFailed(fetched.Manifest.Version, exception);
        }
    }

    private void Swap(Prepared prepared)
    {
        if (!IsFetching(prepared.Weights.Version) || !_tracker.Complete())
        {
            prepared.Weights.Dispose();
        }
        else
        {
            _weights?.Dispose();
            _weights = prepared.Weights;
            LendWeights();
            foreach (var (requester, _) in _waiting.Where(w => _tracker.Has(w.Value)).ToList())
            {
                _waiting.Remove(requester);
                Context.Unwatch(requester);
                requester.Tell(new NodeVersion(_tracker.Current));
            }
        }

        Fetch(_tracker.StartNext());
    }

    /// <summary>Repeated now and then for engines that were restarted; those that have the version ignore it.</summary>
    private void LendWeights()
    {
        if (_weights is not null)
        {
            _engines.Tell(new SwapWeights(_weights));
        }
    }

    private void Fail(FetchFailed failed)
    {
        _log.Warning(failed.Exception, "Version {0} could not be fetched; the next question is within {1}", failed.Version, _options.AskInterval);
        if (IsFetching(failed.Version))
        {
            _tracker.Fail();
            Fetch(_tracker.StartNext());
        }
    }

    private bool IsFetching(PolicyVersion version) => _tracker.Fetching?.Version == version;

    private sealed record AskNow : INoSerializationVerificationNeeded
    {
        public static AskNow Instance { get; } = new();
    }

    private sealed record Pulled(FetchedParameters Fetched) : INoSerializationVerificationNeeded;

    private sealed record DeltaFailed(ParameterManifest Manifest, Exception Exception) : INoSerializationVerificationNeeded;

    private sealed record Prepared(IEngineWeights Weights) : INoSerializationVerificationNeeded;

    private sealed record FetchFailed(PolicyVersion Version, Exception Exception) : INoSerializationVerificationNeeded;
}
