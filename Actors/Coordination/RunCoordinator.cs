using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Episodes;
using Intellect3.Model.Training.Advantages;

namespace Intellect3.Actors.Coordination;

/// <summary>
/// Owns the active run, as the child of the cluster singleton <see cref="RunRegistry"/>: receives what nodes report, asks <see cref="RunDecisions"/> what follows, persists the events, then acts on them. Runs
/// on a thread of its own (a pinned dispatcher), since the journal is a file.
/// </summary>
public sealed partial class RunCoordinator : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly RunPlan _plan;
    private readonly RunSettings _settings;
    private readonly IActorRef _groups;
    private readonly TimeProvider _time;
    private readonly RunState _state = new();
    private readonly Curriculum _curriculum;
    private readonly RunDecisions _decisions;
    private readonly RunSchedule _schedule;
    private readonly RunTally _tally;
    private readonly Dictionary<AttemptKey, ContentRef> _payloads = [];
    private readonly Dictionary<string, PayloadHold> _holds = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _recorder;
    private LedgerFile? _ledger;

    /// <param name="plan">The run.</param>
    /// <param name="groups">The shard region of <see cref="Rollouts.RolloutGroup"/>.</param>
    /// <param name="channel">Where the recorder pulls traces.</param>
    /// <param name="time">The clock of deadlines and rates; no decision reads it.</param>
    public RunCoordinator(RunPlan plan, IActorRef groups, IByteChannel channel, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_plan, _settings, _groups, _time) = (plan, plan.Context.Settings, groups, time);
        _curriculum = new Curriculum(_settings.Seed, Entries());
        _decisions = new RunDecisions(RunRules.From(_settings), _curriculum);
        _schedule = new RunSchedule(_settings);
        _tally = new RunTally(time);
        _recorder = Context.ActorOf(RunRecorder.Props(plan.Directory, channel), "recorder");
        Receive<RolloutNodeReady>(Welcome);
        Receive<NodeLeaving>(OnLeaving);
        Receive<NodeRefused>(OnNodeRefused);
        Receive<Terminated>(Lose);
        Receive<GroupDelivered>(m => IsCurrent(m.Epoch), Take);
        Receive<GroupEnded>(m => IsCurrent(m.Epoch), Take);
        Receive<TracesWritten>(written => ReleaseHold(written.Key));
        Receive<GetRunStatus>(_ => Sender.Tell(Status()));
        Receive<StopRun>(Stop);
        Receive<Tick>(_ => OnTick());
        Receive<Flushed>(_ => OnFlushed());
        ReceiveEnvironments();
        ReceiveTrainer();
        ReceiveAdministration();
        Receive<IGroupMessage>(message => _log.Debug("Ignored {0} of an earlier epoch", message.Id));
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RunPlan plan, IActorRef groups, IByteChannel channel, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new RunCoordinator(plan, groups, channel, time)).WithDispatcher(RunRecorder.Dispatcher);

    protected override void PreStart()
    {
        (_ledger, var events) = LedgerFile.Open(Path.Combine(_plan.Directory, RunFiles.Ledger));
        foreach (var @event in events)
        {
            _state.Apply(@event);
        }

        if (_state.Start is null)
        {
            Persist([new RunStarted(_plan.Run, _settings.Seed, _settings.Steps, _settings.Rollout.GroupsPerBatch, _settings.Trainer.TargetLag)]);
        }

        Persist([new CoordinatorStarted(_state.Epoch + 1)]);
        Timers.StartPeriodicTimer(nameof(Tick), new Tick(), TickInterval);
        _log.Info("Run {0}: epoch {1}, version {2}", _plan.Run, _state.Epoch, _state.Version);
    }

    protected override void PostStop()
    {
        RunMetrics.Hide(this);
        _ledger?.Dispose();
    }

    private List<CurriculumEntry> Entries() => [.. _settings.Environments.Select(e => new CurriculumEntry(e.Name, _plan.Context.Tasksets[e.Name].Version, EnvironmentKey.BuiltIn, e.Weight))];

    private bool IsCurrent(int epoch) => epoch == _state.Epoch;

    /// <summary>Persists events, applies them, and only then acts on them.</summary>
    private void Persist(IReadOnlyList<RunEvent> events)
    {
        foreach (var @event in events)
        {
            _ledger!.Append(@event);
            _state.Apply(@event);
        }

        foreach (var @event in events)
        {
            Act(@event);
        }
    }

    /// <summary>Does whatever there is to do until nothing is left to decide.</summary>
    private void Advance()
    {
        if (_stage == RunStage.Reinforcement && !IsHalting && !_suspended && !_isPaused && _placement.Nodes.Count > 0)
        {
            for (var events = Next(); events.Count > 0; events = Next())
            {
                Persist(events);
            }

            if (_decisions.IsExhausted(_state) && _state.Step < _settings.Steps)
            {
                Fail("no environment is left to draw tasks from: all are quarantined or have no weight. See environment_quarantined in ledger.jsonl for the reasons.");
            }
        }

        Deploy();
        PlaceWaiting();
        TrainNext();
        StartEvaluationGroups();
        ReleaseLeavers();
    }

    private IReadOnlyList<RunEvent> Next()
    {
        if (_stage != RunStage.Failed && _decisions.IsHopeless(_state))
        {
            Fail($"the last {_state.WithoutAdvantage} groups had no advantage: all rollouts of each earned the same reward (mean of the last batches: {_tally.RewardHistory.DefaultIfEmpty(0).Average():0.###}). "
                + "Near 0 the task is too hard yet: warm up longer or make the reward finer. Near 1 it is solved: take fewer steps.");
        }

        return _stage == RunStage.Failed ? [] : _decisions.Next(_state);
    }

    private void Act(RunEvent @event)
    {
        switch (@event)
        {
            case AttemptsOpened opened:
                foreach (var attempt in opened.Attempts)
                {
                    StartTraining(attempt);
                }

                break;
            case AttemptEnded ended:
                var key = new AttemptKey(ended.Prompt, ended.Attempt);
                ReleasePayload(key);
                if (ended.Outcome is AttemptOutcome.Cancelled or AttemptOutcome.Lost)
                {
                    Cancel(g => g.Purpose == GroupPurpose.Training && g.Number == ended.Prompt && g.Attempt == ended.Attempt);
                }

                break;
            case PayloadsStruck struck:
                foreach (var member in struck.Members)
                {
                    ReleasePayload(member);
                }

                break;
            case BatchCut cut:
                _batchMetrics[cut.Step] = _tally.BatchCut(cut.Step);
                break;
            case RolledBack or RunEnded:
                Cancel(_ => true);
                foreach (var payload in _payloads.Keys.ToList())
                {
                    ReleasePayload(payload);
                }

                break;
            case EnvironmentQuarantined quarantined:
                _log.Error("The environment {0} is quarantined: {1}", quarantined.Environment, quarantined.Reason);
                break;
        }
    }

    private void Take(GroupDelivered delivered)
    {
        if (!_groupsOut.Remove(delivered.Id))
        {
            // Late or repeated: whatever it holds is not needed.
            FreeNow(delivered.Id.Shard, delivered.Payload);
            return;
        }

        _placement.Release(delivered.Id.ToString());
        _tally.Delivered(delivered.Id.Purpose, delivered.Rollouts);
        if (delivered.Id.Purpose == GroupPurpose.Evaluation)
        {
            FreeNow(delivered.Id.Shard, delivered.Payload);
            DeliverEvaluation(delivered);
        }
        else
        {
            Hold(delivered);
            var key = new AttemptKey(delivered.Id.Number, delivered.Id.Attempt);
            _payloads[key] = delivered.Payload;
            var events = _decisions.OnDelivered(_state, key, Outcome(delivered.Rollouts));
            Persist(events);
            if (events.Count == 0)
            {
                ReleasePayload(key);
            }
        }

        Advance();
    }

    private GroupOutcome Outcome(IReadOnlyList<RolloutSummary> rollouts)
    {
        var good = rollouts.Where(r => r.Reward is not null).ToList();
        var advantages = GroupAdvantages.Of(_settings.Trainer.Advantage, [.. good.Select(r => r.Reward!.Value)]);
        var ofThisLineage = good.All(r => r.Lineage == _state.Lineage && r.OldestVersion >= 0);
        return new GroupOutcome(good.Average(r => r.Reward!.Value), ofThisLineage ? _state.Lineage : -1, good.Min(r => r.OldestVersion), Array.Exists(advantages, a => a != 0));
    }

    private void Take(GroupEnded ended)
    {
        EndGroup(ended.Id, ended.IsFailure, ended.Reason);
        Advance();
    }

    private void EndGroup(GroupId group, bool isFailure, string reason)
    {
        if (_groupsOut.Remove(group))
        {
            _placement.Release(group.ToString());
        }

        if (group.Purpose == GroupPurpose.Evaluation)
        {
            LoseEvaluation(group, reason);
        }
        else
        {
            Persist(_decisions.OnAttemptEnded(_state, new AttemptKey(group.Number, group.Attempt), isFailure ? AttemptOutcome.Failed : AttemptOutcome.Lost, reason));
        }
    }

    private void OnTick()
    {
        _tally.Trim();
        var late = _time.GetUtcNow() - _settings.Rollout.GroupTimeout;
        foreach (var group in _groupsOut.Where(g => g.Value < late).Select(g => g.Key).ToList())
        {
            _groups.Tell(new CancelGroup(group));
            EndGroup(group, isFailure: false, $"not done within {_settings.Rollout.GroupTimeout}");
        }

        WatchTrainer();
        Advance();
        RunMetrics.Show(this, _state, Status());
    }

    /// <summary>A payload is needed by the recorder and by training; it is freed when neither needs it any more.</summary>
    private void Hold(GroupDelivered delivered)
    {
        _holds[delivered.Payload.Key] = new PayloadHold(delivered.Id.Shard, delivered.Payload, 2);
        _recorder.Tell(new WriteTraces(delivered.Payload));
    }

    private void ReleasePayload(AttemptKey key)
    {
        if (_payloads.Remove(key, out var payload))
        {
            ReleaseHold(payload.Key);
        }
    }

    private void ReleaseHold(string key)
    {
        if (_holds.TryGetValue(key, out var hold))
        {
            if (hold.Count > 1)
            {
                _holds[key] = hold with { Count = hold.Count - 1 };
            }
            else
            {
                _holds.Remove(key);
                FreeNow(hold.Node, hold.Payload);
            }
        }
    }

    private void FreeNow(string node, ContentRef payload)
    {
        if (_nodes.TryGetValue(node, out var actor))
        {
            actor.Tell(new FreeSamples([payload.Key]));
        }
    }

    private sealed record PayloadHold(string Node, ContentRef Payload, int Count);

    private sealed record Tick : INoSerializationVerificationNeeded;
}
