using Intellect3.Actors.Administration;
using Intellect3.Actors.Administration.Diagnosis;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Tests.Administration;

public sealed class RunDiagnosisTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly GroupId First = new("inc-1", GroupPurpose.Training, 41, 1);

    /// <summary>What is changed of a run that moves, and the verdict that follows.</summary>
    public static TheoryData<string, RunActivity, string, bool> Verdicts => new()
    {
        { "moving", Run(), "moving: the slowest is trainer: computing step 5 for 2.0s, at akka.tcp://t", false },
        { "nothing under way yet", Run(work: null, quiet: 3), "moving", false },
        { "a group waits long for weights", Run(groups: [Group(300)]), "STUCK: prompt-41-1: not started for 5m00s, waits on its node, at akka.tcp://r", true },
        { "no trainer", Run(trainer: null, quiet: 61), "STUCK: trainer: absent for 1m01s, waits on a node with the role trainer", true },
        { "no trainer since a moment ago", Run(trainer: null, quiet: 5), "moving: the slowest is trainer: absent for 5.0s, waits on a node with the role trainer", false },
        { "no rollout node", Run(work: null, quiet: 90, nodes: []), "STUCK: rollout nodes: absent for 1m30s, waits on a node with the role rollout", true },
        { "the trainer does not answer", Run(workAge: 7300), "STUCK: trainer: computing step 5 for 2h01m, at akka.tcp://t", true },
        { "nothing in flight for long", Run(work: null, quiet: 61), "STUCK: nothing is in flight and nothing has answered for 1m01s", true },
        { "nothing in flight because of a pause", Run(work: null, quiet: 600, paused: true), "paused: nothing new starts until `run resume`", false },
        { "a pause does not hide what is stuck", Run(workAge: 61, paused: true), "STUCK: trainer: computing step 5 for 1m01s, at akka.tcp://t", true },
        { "a failed run", Run(stage: RunStage.Failed, failure: "no disk"), "STUCK: the run has failed: no disk", true },
        { "a finished run", Run(stage: RunStage.Finished, quiet: 9999), "the run is finished: nothing is in flight", false },
        { "two stuck things", Run(workAge: 61, groups: [Group(90)]), "STUCK: prompt-41-1: not started for 1m30s, waits on its node, at akka.tcp://r, and 1 more beyond 1m00s", true },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void A_verdict_names_what_the_run_waits_on(string what, RunActivity run, string verdict, bool isStuck)
    {
        var diagnosis = RunDiagnosis.Of(run, [], new Dictionary<string, string>(), Limit);

        Assert.True(diagnosis.Verdict == verdict, $"{what}: {diagnosis.Verdict}");
        Assert.Equal(isStuck, diagnosis.IsStuck);
    }

    [Fact]
    public void A_group_that_runs_is_judged_by_its_rollouts()
    {
        var status = new GroupStatus(First, "running", "rollouts", TimeSpan.FromSeconds(300), [Rollout(0, "generating", "engine", 5), Rollout(3, "scoring", "verifier", 61)], Done: 2);

        var diagnosis = RunDiagnosis.Of(Run(groups: [Group(300)]), [status], new Dictionary<string, string>(), Limit);

        Assert.Equal("STUCK: prompt-41-1/rollout-3: scoring, turn 2 for 1m01s, waits on verifier, at akka.tcp://r", diagnosis.Verdict);
        Assert.Equal(["trainer", "prompt-41-1", "prompt-41-1/rollout-0", "prompt-41-1/rollout-3"], diagnosis.Rows.Select(r => r.Subject));
        Assert.Equal("2 of 4 rollouts ended", diagnosis.Rows[1].Stage);
        Assert.Equal([false, false, false, true], diagnosis.Rows.Select(r => r.IsStuck));
        Assert.Equal("prompt-41-1/rollout-3", diagnosis.Slowest!.Subject);
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(61, true)]
    public void A_group_that_waits_for_weights_says_which(double age, bool isStuck)
    {
        var status = new GroupStatus(First, "starting", "weights 1.4", TimeSpan.FromSeconds(age), [], 0);

        var row = RunDiagnosis.Of(Run(groups: [Group(age)]), [status], new Dictionary<string, string>(), Limit).Rows[1];

        Assert.Equal(("weights 1.4", isStuck), (row.WaitsOn, row.IsStuck));
    }

    [Fact]
    public void A_node_that_does_not_answer_is_what_its_groups_wait_on()
    {
        var row = RunDiagnosis.Of(Run(groups: [Group(20)]), [], new Dictionary<string, string> { ["akka.tcp://r"] = "no answer within 4 s" }, Limit).Rows[1];

        Assert.Equal(new DiagnosisRow("prompt-41-1", "unknown", "its node: no answer within 4 s", TimeSpan.FromSeconds(20), "akka.tcp://r", false), row);
    }

    [Fact]
    public void A_group_on_a_node_that_left_is_not_overlooked()
    {
        var gone = new GroupActivity(First with { Shard = "inc-9" }, "parity", TimeSpan.FromSeconds(70));

        var diagnosis = RunDiagnosis.Of(Run(groups: [gone]), [], new Dictionary<string, string>(), Limit);

        Assert.Equal("STUCK: prompt-41-1: not started for 1m10s, waits on a node that is gone", diagnosis.Verdict);
    }

    private static GroupActivity Group(double age) => new(First, "parity", TimeSpan.FromSeconds(age));

    private static RolloutStatus Rollout(int number, string stage, string waitsOn, double age) => new(number, stage, waitsOn, TimeSpan.FromSeconds(age), Turn: 2);

    private static RunActivity Run(
        RunStage stage = RunStage.Reinforcement,
        string? trainer = "akka.tcp://t",
        string? work = "computing step 5",
        double workAge = 2,
        double quiet = 1,
        bool paused = false,
        string? failure = null,
        IReadOnlyList<GroupActivity>? groups = null,
        IReadOnlyList<NodeActivity>? nodes = null) => TestRuns.Activity(groups ?? [], nodes ?? [new NodeActivity("inc-1", "akka.tcp://r", 64, 8, 1)]) with
    {
        Status = TestRuns.Status(stage) with { Failure = failure },
        IsPaused = paused,
        Quiet = TimeSpan.FromSeconds(quiet),
        Trainer = new TrainerActivity(trainer, work, TimeSpan.FromSeconds(workAge), 4, new Dictionary<string, double> { ["loss"] = 0.25 }),
    };
}
