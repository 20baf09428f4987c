using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Validation;
using Xunit;

namespace Clock.Tests;

public sealed class ClockTests
{
    private static readonly ClockTaskset Taskset = new();

    /// <summary>What `intellect3 env validate` asks: the reference answer scores 1, answers without thought score next to nothing.</summary>
    [Fact]
    public async Task It_rewards_the_answer_and_nothing_else()
    {
        var report = await EnvironmentValidator.ValidateAsync(new LocalEnvironment(Taskset), CancellationToken.None);
        Assert.True(report.IsValid, report.ToString());
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(0.5, "first half")]
    public async Task A_better_answer_earns_more(double atLeast, string answer)
    {
        var task = Taskset.GetTask(TaskSplit.Train, 0);
        var text = answer == "1" ? task.Answer! : task.Answer![..3];
        var trace = await EnvironmentValidator.PlayAsync(new LocalEnvironment(Taskset), task, [text], CancellationToken.None);
        Assert.InRange(trace.Reward!.Value, atLeast, 1);
    }

    [Fact]
    public void A_task_is_always_the_same() =>
        Assert.Equal(Taskset.GetTask(TaskSplit.HeldOut, 7).Prompt, Taskset.GetTask(TaskSplit.HeldOut, 7).Prompt);
}
