using System.Text.Json;
using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;
using Intellect3.Model.Files.Checkpoints;

namespace Intellect3.Actors.Coordination;

/// <summary>The stages of a run and the dialogue with the trainer: one request is out at a time, and its answer says what comes next.</summary>
public sealed partial class RunCoordinator
{
    /// <summary>How long the trainer may take to answer before the run gives it up.</summary>
    private static readonly TimeSpan TrainerDeadline = TimeSpan.FromMinutes(10);

    private readonly Dictionary<int, Dictionary<string, double>> _batchMetrics = [];
    private IActorRef _trainer = ActorRefs.Nobody;
    private string _trainerNode = "";
    private string? _trainerLife;
    private bool _suspended;
    private bool _hasBegun;
    private RunStage _stage = RunStage.Starting;
    private long _stageStarted;
    private IReadOnlyDictionary<string, TimeSpan> _busyBefore = DeviceUsage.Read();
    private long _reinforcementStarted;
    private int _firstStep;
    private long? _askedTrainer;
    private (RunPhase Phase, int Step)? _lastCheckpoint;
    private Action<StateSaved?>? _afterSave;
    private string? _failure;
    private double? _lastEvaluation;
    private StateSaved? _final;
    private long _parameters;

    private void ReceiveTrainer()
    {
        Receive<TrainerHere>(OnTrainerHere);
        Receive<TrainerReady>(m => IsCurrent(m.Epoch), OnTrainerReady);
        Receive<TrainerRefused>(m => IsCurrent(m.Epoch), OnRefused);
        Receive<StepPrepared>(m => IsCurrent(m.Epoch), m => AskTrainer(new ComputeStep(m.Epoch, m.Phase, m.Step)));
        Receive<PayloadsMissing>(m => IsCurrent(m.Epoch), OnPayloadsMissing);
        Receive<StepComputed>(m => IsCurrent(m.Epoch), OnComputed);
        Receive<StepTaken>(m => IsCurrent(m.Epoch), OnTaken);
        Receive<PhaseStarted>(m => IsCurrent(m.Epoch), _ => OnPhaseStarted());
        Receive<StateSaved>(m => IsCurrent(m.Epoch), OnSaved);
        Receive<ITrainerMessage>(message => _log.Debug("Ignored {0} of an earlier epoch", message.GetType().Name));
    }

    private void AskTrainer(ITrainerMessage message)
    {
        (_askedTrainer, _lastAsked) = (_time.GetTimestamp(), message);
        _trainer.Tell(message);
    }

    /// <summary>The first trainer is the run's, and others are spares that take over when it is gone. One that has begun a new life has lost its state.</summary>
    private void OnTrainerHere(TrainerHere here)
    {
        var isSpare = !_trainer.IsNobody() && here.Incarnation != _trainerNode;
        if (here.Instance != _plan.Instance || here.Life == _trainerLife || isSpare || IsOver || _leavers.ContainsKey(here.Incarnation))
        {
            return;
        }

        Context.Unwatch(_trainer);
        (_trainer, _trainerNode, _trainerLife) = (Context.Watch(here.Trainer), here.Incarnation, here.Life);
        if (_stage == RunStage.Starting)
        {
            (_askedTrainer, _hasBegun) = (null, false);
            DropEvaluation();
            BeginIfReady();
            return;
        }

        _log.Warning("The trainer on {0} begins with empty hands; the run goes back to its newest checkpoint", here.Incarnation);
        DropEvaluation();
        (_afterSave, _askedTrainer) = (null, null);
        Begin();
    }

    private void LoseTrainer()
    {
        if (IsOver)
        {
            return;
        }

        _log.Warning("The trainer on {0} is gone; the run waits for another", _trainerNode);
        DetachTrainer();
        _askedTrainer = _time.GetTimestamp();
        Leave(_trainerNode);
    }

    /// <summary>From here on the run waits for a trainer, and gives out no work.</summary>
    private void DetachTrainer()
    {
        Context.Unwatch(_trainer);
        (_trainer, _trainerLife, _suspended) = (ActorRefs.Nobody, null, true);
        DropEvaluation();
        _afterSave = null;
    }

    private void DropEvaluation() => (_evaluation, _afterEvaluation) = (null, null);

    private void BeginIfReady()
    {
        if (_stage == RunStage.Starting && !_hasBegun && !_trainer.IsNobody() && _placement.Nodes.Count > 0)
        {
            Begin();
        }
    }

    /// <summary>Starts, or goes back to the newest complete checkpoint of a run that was begun.</summary>
    private void Begin()
    {
        _stageStarted = _time.GetTimestamp();
        (_suspended, _hasBegun) = (false, true);
        var begun = _state.WarmupStep > 0 || _state.Phase == RunPhase.Reinforcement;
        var folder = Path.Combine(_plan.Directory, RunFiles.Checkpoints);
        var scan = new CheckpointStore(folder, _settings.Checkpoint.KeepLast).Scan();
        foreach (var skipped in scan.Skipped)
        {
            _log.Warning("The checkpoint {0} is not used: {1}", skipped.Name, skipped.Reason);
        }

        var newest = begun && scan.Complete.Count > 0 ? CheckpointName.Parse(scan.Complete[0]) : null;
        if (begun)
        {
            var phase = newest is { IsStep: true } ? RunPhase.Reinforcement : RunPhase.Warmup;
            Persist([new RolledBack(phase, newest?.Number ?? 0, _state.Lineage + 1)]);
            _lastCheckpoint = newest is null ? null : (phase, newest.Value.Number);
            _log.Info("Going on from {0}", newest?.ToString() ?? "the beginning");
        }

        AskTrainer(new StartTraining(_state.Epoch, newest is null ? null : Path.Combine(folder, newest.Value.ToString()), _state.Version, _state.Phase));
    }

    private void OnTrainerReady(TrainerReady ready)
    {
        _askedTrainer = null;
        _parameters = ready.Parameters;
        if (IsHalting)
        {
            SaveAndHalt();
        }
        else if (_state.Phase == RunPhase.Reinforcement)
        {
            BeginReinforcement();
        }
        else if (_state.WarmupStep > 0)
        {
            AfterWarmupStep();
        }
        else if (_state.Evaluations.ContainsKey("before"))
        {
            NextWarmupStep();
        }
        else
        {
            Evaluate("before", 0, _settings.Evaluation.Tasks, greedy: true, sampled: true, _ => NextWarmupStep());
        }
    }

    private void NextWarmupStep()
    {
        Enter(RunStage.Warmup);
        if (IsHalting)
        {
            SaveAndHalt();
        }
        else if (_isPaused)
        {
            _whenResumed = NextWarmupStep;
        }
        else if (_state.WarmupStep >= _settings.Warmup.MaxSteps)
        {
            Persist([new ReinforcementStarted(_state.WarmupStep)]);
            AskTrainer(new StartPhase(_state.Epoch, RunPhase.Reinforcement, _state.Version));
        }
        else
        {
            AskTrainer(new PrepareStep(_state.Epoch, RunPhase.Warmup, _state.WarmupStep + 1, []));
        }
    }

    private void AfterWarmupStep()
    {
        Enter(RunStage.Warmup);
        var step = _state.WarmupStep;
        if (!_schedule.IsProbeDue(step) || IsHalting)
        {
            NextWarmupStep();
            return;
        }

        Evaluate("probe", step, _settings.Warmup.ProbeTasks, greedy: false, sampled: true, result =>
        {
            if (_schedule.IsWarm(result) && !IsHalting)
            {
                Persist([new ReinforcementStarted(step)]);
                AskTrainer(new StartPhase(_state.Epoch, RunPhase.Reinforcement, _state.Version));
            }
            else
            {
                NextWarmupStep();
            }
        });
    }

    private void OnPhaseStarted()
    {
        _askedTrainer = null;
        Save(_ => BeginReinforcement());
    }

    private void BeginReinforcement()
    {
        if (IsHalting)
        {
            SaveAndHalt();
            return;
        }

        if (_state.Evaluations.ContainsKey("after_sft"))
        {
            EnterReinforcement();
            return;
        }

        Enter(RunStage.EvaluateBefore);
        Evaluate("after_sft", 0, _settings.Evaluation.Tasks, greedy: true, sampled: true, _ => EnterReinforcement());
    }

    private void EnterReinforcement()
    {
        if (IsHalting)
        {
            SaveAndHalt();
            return;
        }

        Enter(RunStage.Reinforcement);
        (_firstStep, _reinforcementStarted) = (_state.Step, _time.GetTimestamp());
        AfterStep();
    }

    private void TrainNext()
    {
        var step = _state.Step + 1;
        if (_stage == RunStage.Reinforcement && _askedTrainer is null && !IsHalting && !_suspended && !_isPaused && _state.Batches.TryGetValue(step, out var members))
        {
            AskTrainer(new PrepareStep(_state.Epoch, RunPhase.Reinforcement, step, [.. members.Select(m => new BatchMember(m.Prompt, m.Attempt, _payloads[m]))]));
        }
    }

    private void OnPayloadsMissing(PayloadsMissing missing)
    {
        _askedTrainer = null;
        _log.Warning("{0} payloads of step {1} are gone; their prompts are open again", missing.Members.Count, missing.Step);
        Persist(_decisions.OnPayloadsMissing(_state, missing.Step, missing.Members));
        Advance();
    }

    private void OnComputed(StepComputed computed)
    {
        if (computed.Phase == RunPhase.Warmup)
        {
            Persist([new WarmupCommitted(computed.Step)]);
            WriteMetrics(computed, []);
            AskTrainer(new CommitStep(computed.Epoch, computed.Phase, computed.Step, _state.Version, _schedule.IsPublished(computed.Step)));
            return;
        }

        var members = _state.Batches.GetValueOrDefault(computed.Step) ?? [];
        var events = _decisions.OnComputed(_state, computed.Step);
        if (events.Count == 0)
        {
            return;
        }

        Persist(events);
        foreach (var member in members)
        {
            ReleasePayload(member);
        }

        _recorder.Tell(new WriteLine(RunFiles.Trained, JsonSerializer.Serialize(new
        {
            step = computed.Step,
            lineage = _state.Lineage,
            groups = computed.Groups.Select(g => new { prompt = g.Prompt, attempt = g.Attempt, tokens = g.Tokens }),
        })));
        _batchMetrics.Remove(computed.Step, out var batch);
        WriteMetrics(computed, batch ?? []);
        AskTrainer(new CommitStep(computed.Epoch, computed.Phase, computed.Step, _state.Version, Publish: true));
    }

    private void WriteMetrics(StepComputed computed, Dictionary<string, double> batch)
    {
        _tally.StepTrained(computed.Metrics);
        var line = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["step"] = computed.Step,
            ["phase"] = computed.Phase == RunPhase.Warmup ? "warmup" : "reinforcement",
            ["watcher/policy_version"] = _state.Version.Number,
            ["time/elapsed"] = Math.Round(_tally.Elapsed.TotalSeconds, 3),
            ["perf/throughput"] = _tally.TrainedPerSecond,
            ["dispatcher/inflight"] = _groupsOut.Count,
            ["off_policy/in_queue"] = _state.Waiting.Count,
            ["progress/prompts"] = _state.NextDraw,
            ["progress/total_tokens"] = _tally.TrainedTokens,
        };
        foreach (var (name, value) in batch.Concat(computed.Metrics))
        {
            line[name] = double.IsFinite(value) ? value : value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        _recorder.Tell(new WriteLine(RunFiles.Metrics, JsonSerializer.Serialize(line)));
    }

    private void OnTaken(StepTaken taken)
    {
        _askedTrainer = null;
        Action<StateSaved?> next = taken.Phase == RunPhase.Warmup ? _ => AfterWarmupStep() : _ => AfterStep();
        if (_schedule.IsCheckpointDue(taken.Phase, taken.Step))
        {
            Save(next);
        }
        else
        {
            next(null);
        }
    }

    private void AfterStep()
    {
        if (_state.Step >= _settings.Steps)
        {
            EvaluateAfter();
        }
        else if (IsHalting)
        {
            SaveAndHalt();
        }
        else
        {
            if (_evaluation is null && _schedule.IsEvaluationDue(_state.Step, _firstStep))
            {
                Evaluate("online", _state.Step, _settings.Evaluation.OnlineTasks, greedy: false, sampled: true, _ => { });
            }

            Advance();
        }
    }

    private void EvaluateAfter()
    {
        DropEvaluation();
        Cancel(_ => true);
        Enter(RunStage.EvaluateAfter);
        Evaluate("after", _state.Step, _settings.Evaluation.Tasks, greedy: true, sampled: true, _ =>
        {
            _afterSave = Finish;
            AskTrainer(new ExportModel(_state.Epoch, Path.Combine(_plan.Directory, RunFiles.FinalModel)));
        });
    }

    private void Finish(StateSaved? final)
    {
        _final = final;
        Persist([new RunEnded("done")]);
        _ledger!.Sync();
        _recorder.Tell(new FlushFiles());
    }

    private void OnFlushed()
    {
        Enter(RunStage.Finished);
        try
        {
            RunSummaryFile.Write(_plan, _state, _tally, string.Join('+', _kernels), _final!.Sha256, _parameters);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Fail($"the summary could not be written: {exception.Message}");
        }
    }
}
