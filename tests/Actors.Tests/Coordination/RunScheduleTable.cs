using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Tests.Coordination;

public sealed class RunScheduleTable
{
    private static readonly RunSettings Settings = new()
    {
        Recipe = "test",
        Seed = 1,
        Steps = 25,
        Model = new ModelSettings(),
        Environments = [new EnvironmentSettings("parity", 1)],
        Warmup = new WarmupSettings { ProbeFrom = 20, ProbeInterval = 5, MaxSteps = 33, StopAt = 0.45, StopMetric = "success" },
        Rollout = new RolloutSettings(),
        Trainer = new TrainerSettings(),
        Evaluation = new EvaluationSettings { Interval = 10 },
        Checkpoint = new CheckpointSettings { Interval = 10 },
    };

    private readonly RunSchedule _schedule = new(Settings);

    [Theory]
    [InlineData(5, false, false)]
    [InlineData(20, true, true)]
    [InlineData(22, false, false)]
    [InlineData(25, true, true)]
    [InlineData(33, false, true)]
    public void Probes_and_publications_of_warm_up(int step, bool probe, bool published)
    {
        Assert.Equal(probe, _schedule.IsProbeDue(step));
        Assert.Equal(published, _schedule.IsPublished(step));
    }

    [Theory]
    [InlineData("success", 0.9, 0.44, false)]
    [InlineData("success", 0.1, 0.45, true)]
    [InlineData("reward", 0.45, 0.0, true)]
    [InlineData("reward", null, null, false)]
    public void Warm_up_ends_by_the_metric_it_names(string metric, double? reward, double? success, bool isWarm)
    {
        var schedule = new RunSchedule(Settings with { Warmup = Settings.Warmup with { StopMetric = metric } });
        Assert.Equal(isWarm, schedule.IsWarm(new EvaluationRecorded("probe", 128, null, reward, null, success)));
    }

    [Theory]
    [InlineData(RunPhase.Warmup, 10, true)]
    [InlineData(RunPhase.Warmup, 25, false)]
    [InlineData(RunPhase.Reinforcement, 19, false)]
    [InlineData(RunPhase.Reinforcement, 20, true)]
    [InlineData(RunPhase.Reinforcement, 25, true)]
    public void Checkpoints(RunPhase phase, int step, bool isDue) => Assert.Equal(isDue, _schedule.IsCheckpointDue(phase, step));

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(10, 0, true)]
    [InlineData(10, 10, false)]
    [InlineData(12, 10, false)]
    public void Online_evaluations(int step, int firstStep, bool isDue) => Assert.Equal(isDue, _schedule.IsEvaluationDue(step, firstStep));

    [Fact]
    public void An_interval_of_0_leaves_the_last_checkpoint_alone()
    {
        var schedule = new RunSchedule(Settings with { Checkpoint = new CheckpointSettings { Interval = 0 }, Evaluation = new EvaluationSettings { Interval = 0 } });
        Assert.Equal([25], Enumerable.Range(1, 25).Where(step => schedule.IsCheckpointDue(RunPhase.Reinforcement, step)));
        Assert.False(schedule.IsEvaluationDue(10, 0));
    }
}
