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

    [Fact]
    public async Task A_part_of_the_answer_earns_a_part_of_the_reward()
    {
        var task = Taskset.GetTask(TaskSplit.Train, 0);
        var trace = await EnvironmentValidator.PlayAsync(new LocalEnvironment(Taskset), task, [task.Answer![..3]], CancellationToken.None);
        Assert.Equal(0.6, trace.Reward!.Value, 6);
    }

    [Fact]
    public void A_task_is_always_the_same() =>
        Assert.Equal(Taskset.GetTask(TaskSplit.HeldOut, 7).Prompt, Taskset.GetTask(TaskSplit.HeldOut, 7).Prompt);
}
