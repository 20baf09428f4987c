using System.Diagnostics;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Transport;
using Intellect3.Model.Files;
using Intellect3.Model.Files.Checkpoints;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Training;

/// <summary>
/// In front of the trainer: hosts all logical shards of the run on its device's thread. A step goes prepare, compute, commit; until commit the state before
/// stays in place. When the trainer fails this actor restarts with empty hands and says so.
/// </summary>
public sealed class TrainerShard : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan AnnounceInterval = TimeSpan.FromSeconds(2);

    private readonly DeviceThread _device;
    private readonly TrainerServices _services;
    private readonly TrainerProgram _program;
    private readonly WarmupBatches _warmup;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<PolicyVersion, (IActorRef Requester, object Answer)> _publishing = [];
    private DeviceSession? _session;
    private PreparedStep? _prepared;
    private readonly TrainerHere _here;
    private int _epoch;

    /// <param name="device">The thread to run on.</param>
    /// <param name="services">The node's.</param>
    public TrainerShard(DeviceThread device, TrainerServices services)
    {
        (_device, _services) = (device, services);
        _program = new TrainerProgram(services.Context);
        _warmup = new WarmupBatches(services.Context);
        _here = new TrainerHere(services.Instance, GroupSharding.IncarnationOf(Cluster.Get(Context.System).SelfUniqueAddress), Context.Parent, Guid.NewGuid().ToString("N"));
        Receive<AnnounceDue>(_ => _services.Coordinator.Tell(_here));
        Receive<StartTraining>(Begin);
        Receive<PrepareStep>(m => Accept(m.Epoch), Prepare);
        Receive<Pulled>(Keep);
        Receive<ComputeStep>(m => Accept(m.Epoch), Compute);
        Receive<CommitStep>(m => Accept(m.Epoch), Commit);
        Receive<StartPhase>(m => Accept(m.Epoch), Start);
        Receive<SaveCheckpoint>(m => Accept(m.Epoch), Save);
        Receive<ExportModel>(m => Accept(m.Epoch), Export);
        Receive<Publication>(HandOver);
        Receive<ParametersPublished>(Announce);
        Receive<DeviceFaulted>(fault => throw new DeviceFaultException(_device.Name, fault.Exception));
        Receive<ITrainerMessage>(message => _log.Warning("Ignored {0} of a superseded coordinator", message.GetType().Name));
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(DeviceThread device, TrainerServices services) => Akka.Actor.Props.Create(() => new TrainerShard(device, services));

    protected override void PreStart()
    {
        var self = Self;
        _session = _device.Open(_program, exception => self.Tell(new DeviceFaulted(_program, exception)));
        Timers.StartPeriodicTimer(nameof(AnnounceDue), new AnnounceDue(), TimeSpan.Zero, AnnounceInterval);
    }

    protected override void PostStop() => _session?.Dispose();

    private bool Accept(int epoch) => epoch == _epoch;

    private void Begin(StartTraining start)
    {
        if (start.Epoch < _epoch)
        {
            return;
        }

        _epoch = start.Epoch;
        _prepared = null;
        var version = start.Version;
        Post(start.Epoch, nameof(StartTraining), () => Publish(version, new TrainerReady(start.Epoch, Load(start.Checkpoint))));
    }

    private long Load(string? checkpoint)
    {
        if (checkpoint is not null)
        {
            using var loaded = Checkpoints(Path.GetDirectoryName(checkpoint)!).Load(Path.GetFileName(checkpoint));
            return _program.Load(loaded.Parameters, loaded.Optimizer);
        }

        using var initial = _services.Context.InitialParameters();
        return _program.Load(initial, null);
    }

    private CheckpointStore Checkpoints(string folder) => new(folder, _services.Context.Settings.Checkpoint.KeepLast);

    private void Prepare(PrepareStep prepare)
    {
        _prepared = null;
        if (prepare.Phase == RunPhase.Warmup)
        {
            _prepared = new PreparedStep(prepare.Phase, prepare.Step, []);
            Sender.Tell(new StepPrepared(prepare.Epoch, prepare.Phase, prepare.Step));
            return;
        }

        PullAsync(prepare).PipeTo(Self, Sender);
    }

    private async Task<Pulled> PullAsync(PrepareStep prepare)
    {
        using var deadline = new CancellationTokenSource(_services.PullTimeout);
        var payloads = new List<GroupPayload>();
        var missing = new List<AttemptKey>();
        foreach (var member in prepare.Members)
        {
            try
            {
                payloads.Add(PayloadFormat.Read(await _services.Channel.PullBytesAsync(member.Payload, deadline.Token)));
            }
            catch (Exception exception) when (exception is ContentUnavailableException or InvalidPayloadException or OperationCanceledException)
            {
                missing.Add(new AttemptKey(member.Prompt, member.Attempt));
            }
        }

        return new Pulled(prepare, payloads, missing);
    }

    private void Keep(Pulled pulled)
    {
        var prepare = pulled.Step;
        if (!Accept(prepare.Epoch))
        {
            return;
        }

        if (pulled.Missing.Count > 0)
        {
            Sender.Tell(new PayloadsMissing(prepare.Epoch, prepare.Step, pulled.Missing));
            return;
        }

        _prepared = new PreparedStep(prepare.Phase, prepare.Step, pulled.Payloads);
        Sender.Tell(new StepPrepared(prepare.Epoch, prepare.Phase, prepare.Step));
    }

    private void Compute(ComputeStep compute)
    {
        if (_prepared is not { } prepared || prepared.Phase != compute.Phase || prepared.Step != compute.Step)
        {
            Sender.Tell(new TrainerRefused(compute.Epoch, nameof(ComputeStep), $"{compute.Phase} step {compute.Step} was not prepared"));
            return;
        }

        Post(compute.Epoch, nameof(ComputeStep), () => Compute(compute, prepared));
    }

    private StepComputed Compute(ComputeStep compute, PreparedStep prepared)
    {
        var started = Stopwatch.GetTimestamp();
        var batch = compute.Phase == RunPhase.Warmup ? _warmup.Batch(compute.Step) : BatchBuilder.Build(prepared.Groups, _services.Context.Settings.Trainer.Advantage);
        var result = _program.Compute(compute.Phase, compute.Step, batch);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var tokens = batch.Sequences.Sum(s => (long)s.TokenIds.Count);
        TrainerMetrics.Computed(compute.Phase, tokens);
        var metrics = new Dictionary<string, double>(result.Metrics)
        {
            ["loss"] = result.Loss,
            ["optim/grad_norm"] = result.GradientNorm,
            ["optim/lr"] = result.LearningRate,
            ["tokens/loss"] = result.Tokens,
            ["tokens/trained"] = tokens,
            ["time/forward_backward"] = seconds,
        };
        if (compute.Phase == RunPhase.Reinforcement)
        {
            metrics["mismatch_kl/max"] = result.Maxima.GetValueOrDefault("mismatch_kl/all");
            metrics["off_policy/mixed_sequences"] = BatchBuilder.MixedVersionShare(prepared.Groups);
        }

        return new StepComputed(compute.Epoch, compute.Phase, compute.Step, metrics, [.. prepared.Groups.Select(g => BatchBuilder.Record(g))]);
    }

    private void Commit(CommitStep commit)
    {
        if (_prepared is not { } prepared || prepared.Phase != commit.Phase || prepared.Step != commit.Step)
        {
            Sender.Tell(new TrainerRefused(commit.Epoch, nameof(CommitStep), $"{commit.Phase} step {commit.Step} was not computed"));
            return;
        }

        _prepared = null;
        var taken = new StepTaken(commit.Epoch, commit.Phase, commit.Step, commit.Version);
        Post(commit.Epoch, nameof(CommitStep), () =>
        {
            _program.Commit();
            TrainerMetrics.Committed(commit.Phase);
            return commit.Publish ? Publish(commit.Version, taken) : taken;
        });
    }

    private void Start(StartPhase start) => Post(start.Epoch, nameof(StartPhase), () =>
    {
        _program.ResetOptimizer();
        return Publish(start.Version, new PhaseStarted(start.Epoch, start.Version));
    });

    private void Save(SaveCheckpoint save) => Post(save.Epoch, nameof(SaveCheckpoint), () =>
    {
        using var parameters = _program.Snapshot();
        var name = $"{(save.Phase == RunPhase.Warmup ? "warmup" : "step")}-{save.Step}";
        Checkpoints(save.Folder).Write(new CheckpointState
        {
            Name = name,
            Phase = save.Phase == RunPhase.Warmup ? "warmup" : "reinforcement",
            Step = save.Step,
            Config = _services.Context.Config,
            Parameters = parameters,
            Optimizer = _program.SnapshotOptimizer(),
            Tokenizer = _services.Context.Tokenizer,
        });
        var folder = Path.Combine(save.Folder, name);
        return new StateSaved(save.Epoch, folder, FileDigest.Sha256(Path.Combine(folder, CheckpointStore.ModelSubfolder, ModelFolder.WeightsFile)));
    });

    private void Export(ExportModel export) => Post(export.Epoch, nameof(ExportModel), () =>
    {
        using var parameters = _program.Snapshot();
        ModelFolder.Save(export.Folder, _services.Context.Config, parameters, _services.Context.Tokenizer);
        return new StateSaved(export.Epoch, export.Folder, FileDigest.Sha256(Path.Combine(export.Folder, ModelFolder.WeightsFile)));
    });

    /// <summary>
    /// Runs work on the device and tells its sender the result; a <see cref="Publication"/> comes back here first. What a folder or a disk does wrong is a refusal; anything
    /// else is the device's fault.
    /// </summary>
    private void Post(int epoch, string what, Func<object> work)
    {
        var (self, requester) = (Self, Sender);
        var posted = _session!.TryPost(() =>
        {
            try
            {
                var result = work();
                (result is Publication ? self : requester).Tell(result, result is Publication ? requester : self);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CheckpointException or ModelFolderException)
            {
                requester.Tell(new TrainerRefused(epoch, what, exception.Message), self);
            }
        });
        if (posted != DevicePost.Accepted)
        {
            requester.Tell(new TrainerRefused(epoch, what, $"the device {_device.Name} does not take work: {posted}"));
        }
    }

    private Publication Publish(PolicyVersion version, object answer) => new(version, _program.Snapshot(), answer);

    private void HandOver(Publication publication)
    {
        _publishing[publication.Version] = (Sender, publication.Answer);
        _services.Broadcaster.Tell(new PublishParameters(publication.Version, publication.Parameters));
    }

    private void Announce(ParametersPublished published)
    {
        if (_publishing.Remove(published.Manifest.Version, out var waiting))
        {
            waiting.Requester.Tell(waiting.Answer);
        }
    }

    private sealed record AnnounceDue : INoSerializationVerificationNeeded;

    private sealed record PreparedStep(RunPhase Phase, int Step, IReadOnlyList<GroupPayload> Groups);

    private sealed record Pulled(PrepareStep Step, IReadOnlyList<GroupPayload> Payloads, IReadOnlyList<AttemptKey> Missing) : INoSerializationVerificationNeeded;

    /// <summary>Weights to publish before the requester gets its answer.</summary>
    private sealed record Publication(PolicyVersion Version, ParameterSet Parameters, object Answer) : INoSerializationVerificationNeeded;
}
