using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Recording;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Tasks;

namespace Intellect3.Actors.Tests.Coordination;

/// <summary>What a coordinator answers to those who look on and steer, with probes in the place of trainer, node and groups.</summary>
public sealed class RunAdministrationTests : TestKit
{
    private const string Instance = "i-1";

    private readonly string _directory = Directory.CreateTempSubdirectory("intellect3-run-").FullName;
    private readonly TestProbe _groups;
    private readonly TestProbe _trainer;
    private readonly IActorRef _run;

    public RunAdministrationTests()
        : base(ConfigurationFactory.ParseString($"{RunRecorder.Dispatcher}.type = PinnedDispatcher").WithFallback(TestHocon.Strict))
    {
        (_groups, _trainer) = (CreateTestProbe(), CreateTestProbe());
        var plan = new RunPlan("first", Instance, _directory, new PolicyContext(Settings, TasksetRegistry.BuiltIn), new NodeAddress("loopback://x"), Packages: null);
        _run = Sys.ActorOf(RunCoordinator.Props(plan, _groups, new LoopbackByteChannel(), TimeProvider.System));
    }

    private static RunSettings Settings => new()
    {
        Recipe = "test",
        Seed = 3,
        Steps = 3,
        Model = new ModelSettings { HiddenSize = 48, Layers = 1, IntermediateSize = 96, AttentionHeads = 2, KeyValueHeads = 2, HeadDimension = 24, MaxPositions = 96 },
        Environments = [new EnvironmentSettings("parity", 1)],
        Warmup = new WarmupSettings { MaxSteps = 25 },
        Rollout = new RolloutSettings { GroupsPerBatch = 3, GroupSize = 4, CacheTokens = 8192 },
        Trainer = new TrainerSettings { TargetLag = 1 },
        Evaluation = new EvaluationSettings { Tasks = 8 },
        Checkpoint = new CheckpointSettings { Interval = 10 },
    };

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_run_without_nodes_says_what_is_absent()
    {
        var activity = Ask<RunActivity>(new GetRunActivity());

        Assert.Equal(("first", _directory, 0, 3), (activity.Status.Run, activity.Directory, activity.Step, activity.Steps));
        Assert.Null(activity.Trainer.Node);
        Assert.Empty(activity.Nodes);
        Assert.False(activity.IsPaused);
    }

    [Fact]
    public void Groups_and_the_trainers_work_are_seen_while_they_are_out()
    {
        Join();
        Assert.Equal("making its state", Ask<RunActivity>(new GetRunActivity()).Trainer.Work);
        var epoch = _trainer.ExpectMsg<StartTraining>().Epoch;
        _trainer.Reply(new TrainerReady(epoch, 100));
        var started = _groups.ExpectMsg<StartGroup>();

        var activity = Ask<RunActivity>(new GetRunActivity());

        Assert.Null(activity.Trainer.Work);
        Assert.NotNull(activity.Trainer.Node);
        Assert.Contains(activity.Groups, g => g.Id == started.Id && g.Environment == "parity");
        var node = Assert.Single(activity.Nodes);
        Assert.Equal(("inc-1", 64, activity.Groups.Count), (node.Incarnation, node.Slots, node.Groups));
    }

    [Fact]
    public void A_paused_run_lets_what_is_in_flight_end_and_goes_on_when_it_is_resumed()
    {
        Join();
        _trainer.Reply(new TrainerReady(_trainer.ExpectMsg<StartTraining>().Epoch, 100));
        var started = new[] { _groups.ExpectMsg<StartGroup>(), _groups.ExpectMsg<StartGroup>() };

        Assert.True(Ask<RunActivity>(new PauseRun("test")).IsPaused);
        foreach (var group in started)
        {
            _run.Tell(new GroupDelivered(group.Id, group.Epoch, [.. Enumerable.Repeat(new RolloutSummary(0.5, 0, 10, 12, 1, 0, 0, 0, null), group.Size)], new ContentRef(new NodeAddress("loopback://x"), $"samples/{group.Id}", 1, default)));
        }

        var news = Ask<GroupNewsList>(new GetGroupNews(0, 10));
        Assert.Equal([(1L, "evaluated", 0.5, "parity"), (2L, "evaluated", 0.5, "parity")], news.News.Select(n => (n.Number, n.Outcome, n.Reward!.Value, n.Environment)));
        Assert.Equal([2L], Ask<GroupNewsList>(new GetGroupNews(1, 10)).News.Select(n => n.Number));
        var ledger = Ask<LedgerView>(new GetLedger(1));
        Assert.Contains("evaluation_recorded", Assert.Single(ledger.Lines), StringComparison.Ordinal);
        _trainer.ExpectNoMsg(TimeSpan.Zero);

        Assert.False(Ask<RunActivity>(new ResumeRun()).IsPaused);
        Assert.Equal((RunPhase.Warmup, 1), _trainer.ExpectMsg<PrepareStep>() is var prepare ? (prepare.Phase, prepare.Step) : default);
    }

    [Fact]
    public void A_run_that_is_over_is_not_paused()
    {
        _run.Tell(new StopRun("test"));

        var refused = Ask<RunRefused>(new PauseRun("test"));

        Assert.Equal("the run first is stopped", refused.What);
    }

    private void Join()
    {
        _run.Tell(new RolloutNodeReady(Instance, "inc-1", CreateTestProbe(), 64, "test"));
        _run.Tell(new TrainerHere(Instance, "inc-2", _trainer, "1"));
    }

    private T Ask<T>(IRunMessage question)
    {
        _run.Tell(question, TestActor);
        return ExpectMsg<T>();
    }
}
