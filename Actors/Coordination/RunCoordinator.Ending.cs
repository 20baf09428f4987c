using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;

namespace Intellect3.Actors.Coordination;

/// <summary>Checkpoints, and the ways in which a run ends before its last step.</summary>
public sealed partial class RunCoordinator
{
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
        if (_stopping || _stage is RunStage.Finished or RunStage.Stopped or RunStage.Failed)
        {
            return;
        }

        _log.Info("Stopping: {0}", stop.Reason);
        _stopping = true;
        (_evaluation, _afterEvaluation) = (null, null);
        Cancel(_ => true);
        if (_askedTrainer is null)
        {
            SaveAndStop();
        }
    }

    private void SaveAndStop()
    {
        var now = (_state.Phase, _state.Version.Number);
        if (_trainer.IsNobody() || _parameters == 0 || _lastCheckpoint == now)
        {
            Enter(RunStage.Stopped);
        }
        else
        {
            Save(_ => Enter(RunStage.Stopped));
        }
    }

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
        (_stage, _stageStarted) = (stage, _time.GetTimestamp());
        _log.Info("Stage {0}", stage);
    }

    private void WatchTrainer()
    {
        if (_askedTrainer is { } asked && _time.GetElapsedTime(asked) > TrainerDeadline && _stage != RunStage.Failed)
        {
            Fail($"the trainer did not answer within {TrainerDeadline.TotalMinutes:0} minutes; resume from the last checkpoint with train --resume");
        }
    }
}
