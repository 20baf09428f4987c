using Intellect3.Environments.BuiltIn.Parity;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Tests.Rewards;

public class ScorerTests
{
    private static readonly TaskData Yes = new Ordered().GetTask(TaskSplit.Train, 0);

    public sealed class Ordered : EmptyTaskset
    {
        public List<string> Calls { get; } = [];

        [Reward]
        public double Zeta() => Note("zeta", 0.25);

        [Reward(weight: 2)]
        public Task<double> AlphaAsync(Trace trace, TaskData task) => Task.FromResult(Note("alpha", trace.Metrics["length"] + task.Answer!.Length));

        [Reward(weight: 0, Priority = 5)]
        public async ValueTask<double> VeryUrgent(CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            return Note("urgent", 7);
        }

        [Metric]
        public double Length(Trace trace) => Note("length", trace.Completion.Length);

        [Stop]
        public static bool SaidNo(Trace trace) => trace.Completion == "no";

        [Stop(Priority = 1)]
        public static bool SaidNothing(Trace trace) => trace.Completion == "";

        private double Note(string name, double value)
        {
            Calls.Add(name);
            return value;
        }
    }

    [Fact]
    public async Task Metrics_come_first_then_rewards_by_priority_and_name()
    {
        var taskset = new Ordered();
        var trace = await TestTraces.PlayAndScore(taskset, Yes, "hello");

        Assert.Equal(["length", "urgent", "alpha", "zeta"], taskset.Calls);
        Assert.Equal(new RewardValue(8, 2), trace.Rewards["alpha"]);
        Assert.Equal(new RewardValue(7, 0), trace.Rewards["very_urgent"]);
        Assert.Equal(5, trace.Metrics["length"]);
        Assert.Equal(16.25, trace.Reward);
    }

    [Theory]
    [InlineData("no", "said_no")]
    [InlineData("", "said_nothing")]
    [InlineData("yes", StopConditions.Stop)]
    public void The_first_stop_that_says_true_names_the_condition(string completion, string expected) =>
        Assert.Equal(expected, TestTraces.Play(new Ordered(), Yes, completion).StopCondition);

    [Fact]
    public void A_scorer_is_made_once_an_instance()
    {
        var taskset = new Ordered();
        Assert.Same(Scorer.For(taskset), Scorer.For(taskset));
        Assert.NotSame(Scorer.For(taskset), Scorer.For(new Ordered()));
    }

    public sealed class Failing(Func<double> first) : EmptyTaskset
    {
        [Reward(Priority = 1)]
        public double First() => first();

        [Reward]
        public double Second() => 1;
    }

    [Fact]
    public async Task A_scorer_that_throws_fails_the_trace_and_scores_nothing()
    {
        var trace = await TestTraces.PlayAndScore(new Failing(() => throw new InvalidOperationException("no luck\nat all")), Yes, "yes");
        Assert.Equal([new TraceError(Boundary.Verifier, "first", "InvalidOperationException: no luck")], trace.Errors);
        Assert.Null(trace.Reward);
        Assert.Equal(["first", "second"], trace.Rewards.Keys);
        Assert.All(trace.Rewards.Values, reward => Assert.Null(reward));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public async Task A_score_that_is_no_number_fails_the_trace(double score)
    {
        var trace = await TestTraces.PlayAndScore(new Failing(() => score), Yes, "yes");
        Assert.Equal((Boundary.Verifier, "first"), (Assert.Single(trace.Errors).Boundary, trace.Errors[0].Source));
        Assert.Null(trace.Rewards["first"]);
        Assert.Null(trace.Reward);
    }

    public sealed class Hanging : EmptyTaskset
    {
        public TaskCompletionSource Started { get; } = new();

        [Reward]
        public async Task<double> Endless()
        {
            Started.SetResult();
            await new TaskCompletionSource().Task; // deaf to cancellation
            return 1;
        }
    }

    [Fact]
    public async Task A_scorer_past_its_deadline_fails_the_trace_even_when_it_ignores_the_token()
    {
        var taskset = new Hanging();
        using var deadline = new CancellationTokenSource();
        var trace = TestTraces.Play(taskset, Yes, "yes");
        var scoring = Scorer.For(taskset).ScoreAsync(Yes, trace, deadline.Token);
        await taskset.Started.Task;
        Assert.False(scoring.IsCompleted);
        await deadline.CancelAsync();
        await scoring.WaitAsync(TimeSpan.FromSeconds(30));

        var error = Assert.Single(trace.Errors);
        Assert.Equal((Boundary.Verifier, "endless"), (error.Boundary, error.Source));
        Assert.Contains("deadline", error.Message, StringComparison.Ordinal);
        Assert.Null(trace.Reward);
    }

    [Fact]
    public async Task A_cancellation_of_the_scorers_own_is_its_failure_and_no_deadline()
    {
        var trace = await TestTraces.PlayAndScore(new Failing(() => throw new OperationCanceledException("inner")), Yes, "yes");
        Assert.Equal("OperationCanceledException: inner", Assert.Single(trace.Errors).Message);
    }

    [Fact]
    public async Task A_failed_trace_is_not_scored_but_its_rewards_are_declared()
    {
        var taskset = new Ordered();
        var trace = TestTraces.Play(taskset, Yes, "yes");
        trace.Fail(new TraceError(Boundary.Provider, "engine", "gone"));
        await Scorer.For(taskset).ScoreAsync(Yes, trace, CancellationToken.None);
        Assert.Empty(taskset.Calls);
        Assert.Equal(3, trace.Rewards.Count);
        Assert.Null(trace.Reward);
    }

    [Fact]
    public async Task One_scorer_serves_many_threads()
    {
        var taskset = new ParityTaskset();
        var traces = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() =>
        {
            var task = taskset.GetTask(TaskSplit.Train, i);
            return TestTraces.PlayAndScore(taskset, task, i % 2 == 0 ? task.Answer! : "wrong");
        })));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (double?)(1 - (i % 2))), traces.Select(t => t.Reward));
    }
}
