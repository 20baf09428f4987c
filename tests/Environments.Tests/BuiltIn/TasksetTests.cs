using Intellect3.Environments.BuiltIn.Guess;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Tests.BuiltIn;

/// <summary>What holds for every built-in task set.</summary>
public class TasksetTests
{
    public static TheoryData<string> Names => [.. TasksetRegistry.BuiltIn.Names];

    public static TheoryData<string> NamesWithHeldOutTasks => [.. TasksetRegistry.BuiltIn.Names.Where(name => TasksetRegistry.BuiltIn.Get(name).HeldOutCount is not null)];

    [Theory]
    [MemberData(nameof(NamesWithHeldOutTasks))]
    public void Training_never_meets_a_held_out_task(string name)
    {
        var taskset = TasksetRegistry.BuiltIn.Get(name);
        var count = taskset.HeldOutCount!.Value;
        var heldOut = Enumerable.Range(0, count).Select(i => Prompt(taskset, TaskSplit.HeldOut, i)).ToHashSet();
        Assert.True(count >= 500);
        Assert.Equal(count, heldOut.Count);
        Assert.DoesNotContain(Enumerable.Range(0, 20_000), i => heldOut.Contains(Prompt(taskset, TaskSplit.Train, i)));
        Assert.Equal(taskset.GetTask(TaskSplit.HeldOut, 3).Key, taskset.GetTask(TaskSplit.HeldOut, count + 3).Key);
        Assert.Equal(Prompt(taskset, TaskSplit.HeldOut, 3), Prompt(taskset, TaskSplit.HeldOut, count + 3));
    }

    // Computed by a second implementation of the hash, in Python.
    [Theory]
    [InlineData("guess", "59")]
    [InlineData("parity", "100101010111=")]
    [InlineData("reverse", "xxhennqrrkhhsbtaagncpq=")]
    [InlineData("sort", "7287721328=")]
    public void A_task_never_changes_while_the_version_does_not(string name, string expected)
    {
        var task = TasksetRegistry.BuiltIn.Get(name).GetTask(TaskSplit.Train, 1_000_003);
        Assert.Equal(expected, name == "guess" ? task.Answer : task.Prompt[0].Content);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_text_can_be_said_with_newline_and_printable_ascii_within_the_limits(string name)
    {
        var taskset = TasksetRegistry.BuiltIn.Get(name);
        foreach (var index in Enumerable.Range(0, 300))
        {
            var task = taskset.GetTask(TaskSplit.Train, index);
            var worked = taskset.Demonstrate(task, seed: 5)!;
            Assert.All(task.Prompt.Concat(worked).SelectMany(m => m.Content), c => Assert.True(c is '\n' or >= ' ' and <= '~'));
            Assert.All(worked.Index(), m => Assert.Equal(m.Index % 2 == 0 ? MessageRole.Assistant : MessageRole.User, m.Item.Role));

            // The end-of-sequence token counts as well, where no stop sequence takes its place.
            var turns = worked.Where(m => m.Role == MessageRole.Assistant).Select(m => TestTraces.Turn(m.Content)).ToList();
            Assert.True(turns.Sum(t => t.TokenIds.Count) <= taskset.Limits.MaxTokens);
            Assert.True(turns.Count <= taskset.Limits.MaxTurns);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_reference_answer_scores_one_and_worked_examples_play_through(string name)
    {
        var taskset = TasksetRegistry.BuiltIn.Get(name);
        foreach (var index in Enumerable.Range(0, 50))
        {
            var task = taskset.GetTask(TaskSplit.HeldOut, index);
            var right = await TestTraces.PlayAndScore(taskset, task, taskset is GuessTaskset ? task.Answer + "\n" : task.Answer!);
            Assert.True(right.Ok);
            Assert.Equal(1, right.Reward);
            Assert.Equal(1, right.Metrics["success"]);

            var worked = taskset.Demonstrate(task, (ulong)index)!;
            var trace = TestTraces.Play(taskset, task, [.. worked.Where(m => m.Role == MessageRole.Assistant).Select(m => m.Content)]);
            await Scorer.For(taskset).ScoreAsync(task, trace, CancellationToken.None);
            Assert.Equal(task.Prompt.Concat(worked), trace.Nodes.Select(n => n.Message));
            Assert.True(trace.StopCondition is not null && trace.Reward > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nonsense_scores_zero(string name)
    {
        var taskset = TasksetRegistry.BuiltIn.Get(name);
        var task = taskset.GetTask(TaskSplit.Train, 0);
        foreach (var reply in new[] { "", "\n", task.Prompt[0].Content, "<r></r", "aaaaaaaaaa", "64" })
        {
            Assert.Equal(0, (await TestTraces.PlayAndScore(taskset, task, reply)).Reward);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tasks_and_worked_examples_are_functions_of_their_arguments(string name)
    {
        var taskset = TasksetRegistry.BuiltIn.Get(name);
        var other = (Taskset)Activator.CreateInstance(taskset.GetType())!;
        foreach (var split in Enum.GetValues<TaskSplit>())
        {
            var (first, second) = (taskset.GetTask(split, 41), other.GetTask(split, 41));
            Assert.Equal((first.Key, first.Answer, first.Prompt[0]), (second.Key, second.Answer, second.Prompt[0]));
            Assert.Equal(taskset.Demonstrate(first, 9), other.Demonstrate(second, 9));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => taskset.GetTask(TaskSplit.Train, -1));
    }

    private static string Prompt(Taskset taskset, TaskSplit split, long index) => taskset.GetTask(split, index).Prompt[0].Content;
}
