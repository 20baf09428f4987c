using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Rollouts;

/// <summary>A group against probes in the place of engines and verifiers.</summary>
public sealed class RolloutGroupTests : TestKit
{
    private static readonly NodeAddress Address = new("loopback://test");

    private readonly SampleStore _samples = new(Address, 1 << 20);

    public RolloutGroupTests()
        : base(ConfigurationFactory.ParseString($"{Verification.VerifierPool.Dispatcher}.type = PinnedDispatcher").WithFallback(TestHocon.Strict))
    {
    }

    [Fact]
    public void A_group_waits_for_its_version_samples_scores_and_reports_once()
    {
        var (engines, verifiers, receiver) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var group = Group(engines, verifiers, receiver);
        group.Tell(Start(TestActor, size: 2));

        Assert.Equal(new PolicyVersion(1, 4), receiver.ExpectMsg<RequireVersion>().Version);
        engines.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        receiver.Reply(new NodeVersion(new PolicyVersion(1, 4)));

        for (var i = 0; i < 2; i++)
        {
            var generate = engines.ExpectMsg<Generate>();
            Assert.Equal((9UL, 77UL), (generate.Request.Key.RunSeed, generate.Request.Key.Prompt));
            engines.Reply(new Generated(Sampled(generate.Request.Id)));
            var score = verifiers.ExpectMsg<ScoreTrace>();
            score.Trace.RecordReward("exact", i, 1);
            verifiers.Reply(new TraceScored(score.Trace));
        }

        var delivered = ExpectMsg<GroupDelivered>();
        Assert.Equal([0, 1], delivered.Rollouts.Select(r => (int)r.Reward!.Value).Order());
        Assert.All(delivered.Rollouts, r => Assert.Equal((2, 4, 1), (r.SampledTokens, r.OldestVersion, r.Turns)));
        Assert.Equal(2, PayloadFormat.Read(_samples.Find("3-prompt-77-1")!.Value.Span).Rollouts.Count);
    }

    [Fact]
    public async Task A_group_tells_what_it_and_its_rollouts_wait_on()
    {
        var (engines, verifiers, receiver) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var group = Group(engines, verifiers, receiver);
        Task<GroupStatus> StatusAsync() => group.Ask<GroupStatus>(new GetGroupStatus(), Expect.Soon);

        group.Tell(Start(TestActor, size: 2));
        receiver.ExpectMsg<RequireVersion>();
        var starting = await StatusAsync();
        Assert.Equal(("starting", "weights 1.4"), (starting.Stage, starting.WaitsOn));

        receiver.Reply(new NodeVersion(new PolicyVersion(1, 4)));
        var first = engines.ExpectMsg<Generate>();
        engines.Reply(new Generated(Sampled(first.Request.Id)));
        engines.ExpectMsg<Generate>();
        var score = verifiers.ExpectMsg<ScoreTrace>();
        var running = await StatusAsync();
        Assert.Equal(("running", "rollouts", 0), (running.Stage, running.WaitsOn, running.Done));
        Assert.Equal([("generating", "engine", 1), ("scoring", "verifier", 1)], running.Rollouts.Select(r => (r.Stage, r.WaitsOn, r.Turn)).Order());

        score.Trace.RecordReward("exact", 1, 1);
        verifiers.Reply(new TraceScored(score.Trace));
        await AwaitAssertAsync(async () => Assert.Equal(1, (await StatusAsync()).Done));
    }

    [Fact]
    public void An_engine_that_is_lost_loses_the_attempt_and_is_nobodys_failure()
    {
        var (engines, receiver) = (CreateTestProbe(), CreateTestProbe());
        Group(engines, CreateTestProbe(), receiver).Tell(Start(TestActor, size: 1));
        receiver.ExpectMsg<RequireVersion>();
        receiver.Reply(new NodeVersion(new PolicyVersion(1, 4)));
        var generate = engines.ExpectMsg<Generate>();
        engines.Reply(new GenerationFailed(generate.Request.Id, GenerationFailure.EngineLost, "gone"));

        Assert.False(ExpectMsg<GroupEnded>().IsFailure);
    }

    [Fact]
    public void A_scorer_that_throws_fails_the_group_and_never_scores_0()
    {
        var (engines, verifiers, receiver) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        Group(engines, verifiers, receiver).Tell(Start(TestActor, size: 1));
        receiver.ExpectMsg<RequireVersion>();
        receiver.Reply(new NodeVersion(new PolicyVersion(1, 4)));
        engines.Reply(new Generated(Sampled(engines.ExpectMsg<Generate>().Request.Id)));
        var score = verifiers.ExpectMsg<ScoreTrace>();
        score.Trace.Fail(new TraceError(Boundary.Verifier, "exact", "it broke"));
        verifiers.Reply(new TraceScored(score.Trace));

        var ended = ExpectMsg<GroupEnded>();
        Assert.True(ended.IsFailure);
        Assert.Contains("it broke", ended.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_without_a_run_loses_the_attempt()
    {
        Sys.ActorOf(RolloutGroup.Props(() => null)).Tell(Start(TestActor, size: 1));
        Assert.Contains("no run", ExpectMsg<GroupEnded>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scorer_that_hangs_is_given_up_and_the_next_trace_is_scored()
    {
        var pool = Sys.ActorOf(Verification.VerifierPool.Props(1, TimeSpan.FromSeconds(1), 4));
        using var release = new ManualResetEventSlim();
        pool.Tell(new ScoreTrace(new LocalEnvironment(new HangingTaskset(release)), Task(), new Trace()), TestActor);
        pool.Tell(new ScoreTrace(Parity, TasksetRegistry.BuiltIn.Get("parity").GetTask(TaskSplit.Train, 1), new Trace()), TestActor);

        var given = await ExpectMsgAsync<TraceScored>(TimeSpan.FromSeconds(20));
        Assert.Equal(Boundary.Verifier, given.Trace.Errors[0].Boundary);
        Assert.Null(given.Trace.Reward);
        Assert.Equal(0, (await ExpectMsgAsync<TraceScored>(TimeSpan.FromSeconds(20))).Trace.Reward);
        release.Set();
    }

    private static readonly LocalEnvironment Parity = new(TasksetRegistry.BuiltIn.Get("parity"));

    private static TaskData Task() => new() { Key = "t", Prompt = [Message.User("?")] };

    private static GenerationResult Sampled(long id) =>
        new(id, [20, 2], [-0.5f, -0.25f], [new VersionRun(new PolicyVersion(1, 4), 2)], FinishReason.Stop);

    private static StartGroup Start(IActorRef coordinator, int size) => new(
        new GroupId("shard", GroupPurpose.Training, 77, 1), 3, "parity", TasksetRegistry.BuiltIn.Get("parity").Version, EnvironmentKey.BuiltIn, TaskSplit.Train, 5, 0, size, 1, 77, new PolicyVersion(1, 4), coordinator);

    private IActorRef Group(IActorRef engines, IActorRef verifiers, IActorRef receiver)
    {
        var settings = new RunSettings
        {
            Recipe = "test",
            Seed = 9,
            Steps = 1,
            Model = new ModelSettings(),
            Environments = [new EnvironmentSettings("parity", 1)],
            Warmup = new WarmupSettings(),
            Rollout = new RolloutSettings(),
            Trainer = new TrainerSettings(),
            Evaluation = new EvaluationSettings(),
            Checkpoint = new CheckpointSettings(),
        };
        var services = new RolloutServices(new PolicyContext(settings, TasksetRegistry.BuiltIn), new EnvironmentCatalog([Parity]), engines, verifiers, receiver, _samples);
        return Sys.ActorOf(RolloutGroup.Props(() => services));
    }

    private sealed class HangingTaskset(ManualResetEventSlim release) : Taskset
    {
        public override string Name => "hanging";

        public override int? HeldOutCount => null;

        public override TaskData GetTask(TaskSplit split, long index) => Task();

        [Reward]
        public double Never()
        {
            release.Wait(TimeSpan.FromMinutes(1));
            return 1;
        }
    }
}
