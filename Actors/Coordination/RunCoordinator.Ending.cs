using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;

namespace Intellect3.Actors.Coordination;

/// <summary>Checkpoints, and the ways in which a run ends before its last step.</summary>
public sealed partial class RunCoordinator
{
    private Action? _halted;

    /// <summary>Writes a checkpoint of the committed state, then goes on; a checkpoint that cannot be written is said and costs nothing else.</summary>
    private void Save(Action<StateSaved?> then)
    {
        _afterSave = then;
        AskTrainer(new SaveCheckpoint(_state.Epoch, Path.Combine(_plan.Directory, RunFiles.Checkpoints), _state.Phase, _state.Version.Number));
    }

    private void OnSaved(StateSaved saved)
    {
        _askedTrainer = null;
        if (Path.GetFileName(saved.Folder) != RunFiles.FinalModel)
        {
            _lastCheckpoint = (_state.Phase, _state.Version.Number);
            Persist([new CheckpointWritten(_state.Phase, _state.Version.Number)]);
        }

        Continue(saved);
    }

    private void Continue(StateSaved? saved)
    {
        var then = _afterSave;
        _afterSave = null;
        then?.Invoke(saved);
    }

    private void OnRefused(TrainerRefused refused)
    {
        _askedTrainer = null;
        if (refused.What == nameof(SaveCheckpoint))
        {
            _log.Error("No checkpoint: {0}", refused.Reason);
            Continue(null);
        }
        else
        {
            Fail(refused.Reason);
        }
    }

    private void Stop(StopRun stop)
    {
        if (!IsOver)
        {
            _log.Info("Stopping: {0}", stop.Reason);
            Halt(() => Enter(RunStage.Stopped));
        }
    }

    /// <summary>Gives out no more work, and halts with a checkpoint as soon as the trainer has answered what it was asked.</summary>
    private void Halt(Action halted)
    {
        _halted = halted;
        DropEvaluation();
        Cancel(_ => true);
        if (_askedTrainer is null || _trainer.IsNobody())
        {
            SaveAndHalt();
        }
    }

    private void SaveAndHalt()
    {
        var halted = _halted!;
        if (_trainer.IsNobody() || _parameters == 0 || _lastCheckpoint == (_state.Phase, _state.Version.Number))
        {
            _halted = null;
            halted();
        }
        else
        {
            Save(_ =>
            {
                _halted = null;
                halted();
            });
        }
    }

    private bool IsOver => _stage is RunStage.Finished or RunStage.Stopped or RunStage.Failed;

    private bool IsHalting => _halted is not null;

    private void Fail(string reason)
    {
        if (_stage != RunStage.Failed)
        {
            _log.Error("The run failed: {0}", reason);
            _failure = reason;
            Enter(RunStage.Failed);
            Cancel(_ => true);
        }
    }

    private void Enter(RunStage stage)
    {
        if (_stage == stage)
        {
            return;
        }

        _tally.AddSeconds(RunSummaryFile.NameOf(_stage), _time.GetElapsedTime(_stageStarted).TotalSeconds);
        var busy = DeviceUsage.Read();
        if (_stage == RunStage.Reinforcement)
        {
            _tally.AddBusy(_busyBefore, busy);
        }

        (_stage, _stageStarted, _busyBefore) = (stage, _time.GetTimestamp(), busy);
        _log.Info("Stage {0}", stage);
        if (IsOver)
        {
            _suspended = true;
            ReleaseLeavers();
            Context.Parent.Tell(new RunOver(_plan.Instance, stage));
        }
    }

    private void WatchTrainer()
    {
        if (_askedTrainer is { } asked && _time.GetElapsedTime(asked) > TrainerDeadline && !IsOver)
        {
            Fail($"{(_trainer.IsNobody() ? "no trainer came" : "the trainer did not answer")} within {TrainerDeadline.TotalMinutes:0} minutes; resume from the last checkpoint with train --resume");
        }
    }
}
