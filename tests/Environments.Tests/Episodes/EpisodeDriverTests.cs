using Intellect3.Environments.Episodes;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Tests.Episodes;

public class EpisodeDriverTests
{
    /// <summary>Repeats what was said, in capitals, until it hears "bye".</summary>
    public sealed class Echo(int maxTurns, int maxTokens) : EmptyTaskset
    {
        public override EpisodeLimits Limits { get; } = new(maxTurns, maxTokens, ["\n"]);

        public override Message? Respond(TaskData task, Trace trace) => trace.Nodes[^1].Message.Content switch
        {
            "bye\n" => null,
            "throw\n" => throw new FormatException("cannot hear"),
            "assistant\n" => Message.Assistant("me"),
            var text => Message.User(text.ToUpperInvariant()),
        };

        [Stop]
        public static bool Quit(Trace trace) =>
            trace.Nodes[^1].Message.Content switch { "quit\n" => true, "bad stop\n" => throw new FormatException("stopless"), _ => false };
    }

    private static Trace Play(Echo taskset, params string[] turns) => TestTraces.Play(taskset, taskset.GetTask(TaskSplit.Train, 0), turns);

    [Fact]
    public void A_single_turn_ends_after_it()
    {
        var trace = Play(new Echo(1, 100), "hi\n", "never\n");
        Assert.Equal(StopConditions.Stop, trace.StopCondition);
        Assert.Equal(["say ", "hi\n"], trace.Nodes.Select(n => n.Message.Content));
    }

    [Fact]
    public void Turns_alternate_until_the_environment_is_silent()
    {
        var trace = Play(new Echo(9, 100), "hi\n", "bye\n", "never\n");
        Assert.Equal(StopConditions.Environment, trace.StopCondition);
        Assert.Equal(["say ", "hi\n", "HI\n", "bye\n"], trace.Nodes.Select(n => n.Message.Content));
        Assert.Equal([MessageRole.User, MessageRole.Assistant, MessageRole.User, MessageRole.Assistant], trace.Nodes.Select(n => n.Message.Role));
        Assert.Equal([false, true, false, true], trace.Nodes.Select(n => n.Sampled));
        Assert.Equal([-1, 0, 1, 2], trace.Nodes.Select(n => n.Parent));
        Assert.Equal("hi\nbye\n", trace.Completion);
    }

    [Fact]
    public void The_last_turn_ends_it_before_the_environment_is_asked()
    {
        var trace = Play(new Echo(2, 100), "a\n", "throw\n");
        Assert.Equal(StopConditions.MaxTurns, trace.StopCondition);
        Assert.True(trace.Ok);
    }

    [Fact]
    public void A_stop_method_ends_it_under_its_own_name() => Assert.Equal("quit", Play(new Echo(1, 100), "quit\n").StopCondition);

    [Fact]
    public void The_token_budget_is_for_the_whole_episode()
    {
        var taskset = new Echo(9, 5);
        var task = taskset.GetTask(TaskSplit.Train, 0);
        var episode = TestTraces.Start(taskset, task);
        Assert.Equal(5, episode.RemainingTokens);
        var reply = episode.AfterTurn(taskset, task, TestTraces.Turn("a\n"));
        episode.AddReply(TestTraces.Tokens(reply!.Content));
        Assert.Equal(3, episode.RemainingTokens); // the environment's tokens are free
        Assert.Equal(TestTraces.Tokens("say a\nA\n"), episode.PrefixIds());
        Assert.Null(episode.AfterTurn(taskset, task, TestTraces.Turn("bc\n")));
        Assert.Equal(0, episode.RemainingTokens);
        Assert.Equal(StopConditions.Length, episode.Trace.StopCondition);
        Assert.True(episode.IsOver);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void A_truncated_turn_ends_it_with_length(int maxTurns)
    {
        var taskset = new Echo(maxTurns, 100);
        var trace = TestTraces.Play(taskset, taskset.GetTask(TaskSplit.Train, 0), TestTraces.Turn("quit", ended: false));
        Assert.Equal(StopConditions.Length, trace.StopCondition);
    }

    [Theory]
    [InlineData("throw\n", "Respond", "FormatException: cannot hear")]
    [InlineData("bad stop\n", "quit", "FormatException: stopless")]
    public void A_task_set_that_throws_fails_the_trace_at_the_environment(string turn, string source, string message)
    {
        var trace = Play(new Echo(9, 100), turn, "never\n");
        Assert.Equal([new TraceError(Boundary.Environment, source, message)], trace.Errors);
        Assert.Null(trace.StopCondition);
        Assert.Null(trace.Reward);
        Assert.Equal(2, trace.Nodes.Count);
    }

    [Fact]
    public void An_environment_may_not_speak_for_the_policy() =>
        Assert.Contains("only the policy", Assert.Single(Play(new Echo(9, 100), "assistant\n").Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void A_sampled_node_carries_what_training_needs()
    {
        var turn = new PolicyTurn("ab\n", [97, 98, 10], [-1f, -2f, -3f], [new PolicySpan(0, 4, 2), new PolicySpan(1, 3, 1)], Truncated: false);
        var taskset = new Echo(1, 100);
        var node = TestTraces.Play(taskset, taskset.GetTask(TaskSplit.Train, 0), turn).Nodes[^1];
        Assert.Equal([97, 98, 10], node.TokenIds);
        Assert.Equal([true, true, true], node.Mask);
        Assert.Equal([-1f, -2f, -3f], node.LogProbabilities);
        Assert.Equal([new PolicySpan(0, 4, 2), new PolicySpan(1, 3, 1)], node.Versions);
    }

    [Fact]
    public void Calls_out_of_turn_are_refused()
    {
        var taskset = new Echo(9, 100);
        var task = taskset.GetTask(TaskSplit.Train, 0);
        var episode = TestTraces.Start(taskset, task);
        Assert.Throws<InvalidOperationException>(() => episode.AddReply([1]));
        Assert.Throws<InvalidOperationException>(() => episode.Conclude(TurnOutcome.Silence));
        episode.AfterTurn(taskset, task, TestTraces.Turn("a\n"));
        Assert.Throws<InvalidOperationException>(() => episode.AfterTurn(taskset, task, TestTraces.Turn("b\n")));
        episode.AddReply([1]);
        episode.AfterTurn(taskset, task, TestTraces.Turn("quit\n"));
        Assert.Throws<InvalidOperationException>(() => episode.AfterTurn(taskset, task, TestTraces.Turn("b\n")));
        Assert.Throws<ArgumentException>(() => EpisodeDriver.Start(taskset.Limits, task, []));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(2, 1, 2)]
    [InlineData(2, 2, 1)]
    public void A_turn_whose_lists_do_not_fit_is_refused(int tokens, int logProbabilities, int versioned)
    {
        var taskset = new Echo(9, 100);
        var turn = new PolicyTurn("x", new int[tokens], new float[logProbabilities], [new PolicySpan(0, 0, versioned)], Truncated: false);
        Assert.Throws<ArgumentException>(() => TestTraces.Start(taskset, taskset.GetTask(TaskSplit.Train, 0)).Take(turn));
    }
}
