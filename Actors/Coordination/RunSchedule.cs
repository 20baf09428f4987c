namespace Intellect3.Actors.Coordination;

/// <summary>When a run probes, leaves warm-up, checkpoints and evaluates: functions of its settings and the step.</summary>
public sealed class RunSchedule(RunSettings settings)
{
    /// <summary>True when a probe follows this warm-up step.</summary>
    public bool IsProbeDue(int warmupStep) =>
        warmupStep >= settings.Warmup.ProbeFrom && (warmupStep - settings.Warmup.ProbeFrom) % settings.Warmup.ProbeInterval == 0;

    /// <summary>True when engines need the weights of this warm-up step: for a probe, or because it is the last.</summary>
    public bool IsPublished(int warmupStep) => IsProbeDue(warmupStep) || warmupStep >= settings.Warmup.MaxSteps;

    /// <summary>True when a probe's result ends warm-up.</summary>
    public bool IsWarm(EvaluationRecorded probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return (settings.Warmup.StopMetric == "success" ? probe.SampledSuccess : probe.Sampled) >= settings.Warmup.StopAt;
    }

    /// <summary>True when a checkpoint follows a committed step; the last step of a run always has one.</summary>
    public bool IsCheckpointDue(RunPhase phase, int step) =>
        (settings.Checkpoint.Interval > 0 && step % settings.Checkpoint.Interval == 0) || (phase == RunPhase.Reinforcement && step == settings.Steps);

    /// <summary>True when an online evaluation follows a step; the step that this process began at was evaluated before, if it was due.</summary>
    public bool IsEvaluationDue(int step, int firstStep) => settings.Evaluation.Interval > 0 && step > firstStep && step % settings.Evaluation.Interval == 0;
}
