using Intellect3.Actors.Coordination;
using Intellect3.Actors.Devices;
using Intellect3.Model.Parameters;
using Intellect3.Model.Training;
using Intellect3.Model.Training.Schedules;

namespace Intellect3.Actors.Training;

/// <summary>The trainer's state on its device's thread: parameters, optimizer, and the step that is prepared or pending.</summary>
/// <param name="context">The run's.</param>
internal sealed class TrainerProgram(PolicyContext context) : IDeviceProgram
{
    private PolicyTrainer? _trainer;

    private PolicyTrainer Trainer => _trainer ?? throw new InvalidOperationException("the trainer has no state: StartTraining comes first");

    public void Start()
    {
    }

    public bool Advance() => false;

    /// <summary>Replaces the state; returns the number of parameters.</summary>
    public long Load(ParameterSet parameters, OptimizerState? optimizer)
    {
        _trainer?.Dispose();
        _trainer = new PolicyTrainer(context.Config, parameters, context.Settings.Trainer.Options, context.Settings.Trainer.Workers);
        if (optimizer is not null)
        {
            _trainer.Restore(parameters, optimizer);
        }

        return parameters.Layout.Count;
    }

    public StepResult Compute(RunPhase phase, int step, TrainingBatch batch)
    {
        Trainer.Discard();
        return Trainer.ComputeStep(batch, Schedule(phase).At(step - 1));
    }

    /// <summary>Makes the pending step the state.</summary>
    public void Commit() => Trainer.Commit();

    /// <summary>Keeps the weights and forgets the moments.</summary>
    public void ResetOptimizer()
    {
        using var parameters = Trainer.Snapshot();
        Trainer.Restore(parameters, null);
    }

    /// <summary>The committed weights; the caller disposes them.</summary>
    public ParameterSet Snapshot() => Trainer.Snapshot();

    public OptimizerState SnapshotOptimizer() => Trainer.SnapshotOptimizer();

    public void Dispose() => _trainer?.Dispose();

    private LearningRateSchedule Schedule(RunPhase phase)
    {
        var (warmup, trainer) = (context.Settings.Warmup, context.Settings.Trainer);
        return phase == RunPhase.Warmup
            ? new LearningRateSchedule("constant", warmup.LearningRate, warmup.MaxSteps, warmup.WarmupSteps)
            : new LearningRateSchedule(trainer.Schedule, trainer.LearningRate, context.Settings.Steps, trainer.WarmupSteps, Math.Min(trainer.DecaySteps, context.Settings.Steps), trainer.MinLearningRate);
    }
}
