using Intellect3.Environments.Episodes;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Environments.Validation;

namespace Intellect3.Environments.Tests.Validation;

public sealed class EnvironmentValidatorTests
{
    /// <summary>A task set whose reward is a function of the task's number and the answer.</summary>
    public sealed class Scored(Func<TaskData, string, double> reward, Func<long, string?>? answer = null) : EmptyTaskset
    {
        public override TaskData GetTask(TaskSplit split, long index) => new()
        {
            Key = TaskData.KeyOf(split, index), Prompt = [Message.User($"say {index + 1000} ")], Answer = answer is null ? $"<{index + 1000}>" : answer(index),
        };

        [Reward]
        public double Reward(TaskData task, Trace trace) => reward(task, trace.Completion);
    }

    [Theory]
    [InlineData("guess")]
    [InlineData("parity")]
    public async Task Built_in_environments_are_valid(string name)
    {
        var report = await EnvironmentValidator.ValidateAsync(new LocalEnvironment(TasksetRegistry.BuiltIn.Get(name)), CancellationToken.None);
        Assert.True(report.IsValid, report.ToString());
        Assert.Equal(1, report.Probes[0].Mean);
    }

    public static TheoryData<Scored, string> Invalid => new()
    {
        { new Scored((task, text) => text == task.Answer ? 0.9 : 0), "reference answer must score 1 on every task; it scores 0.9" },
        { new Scored((task, text) => text == task.Answer && task.Key != "train/3" ? 1 : 0), "reference answer must score 1 on every task; it scores 0" },
        { new Scored((task, text) => text == task.Answer ? 1 : text.Length == 0 ? 0.25 : 0), "empty answer may score 0.2 on average; it scores 0.25" },
        { new Scored((task, text) => text == task.Answer || text.StartsWith("say", StringComparison.Ordinal) ? 1 : 0), "echo answer" },
        { new Scored((_, text) => text.StartsWith("<1", StringComparison.Ordinal) && text.EndsWith('>') ? 1 : 0), "constant answer" },
        { new Scored((_, text) => text.Length == 6 ? 1 : 0), "random answer" },
        { new Scored((_, _) => throw new FormatException("broken")), "an episode with the reference answer failed: reward: FormatException: broken" },
        { new Scored((_, _) => 1, answer: _ => null), "no reference answer" },
        { new Scored((_, _) => 1, answer: _ => Guid.NewGuid().ToString()), "another one when asked again" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task What_pays_too_little_or_for_nothing_is_not_valid(Scored taskset, string problem)
    {
        var report = await EnvironmentValidator.ValidateAsync(new LocalEnvironment(taskset), CancellationToken.None);
        Assert.Contains(report.Problems, found => found.Contains(problem, StringComparison.Ordinal));
        Assert.Contains("not valid", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_pays_for_the_answer_alone_is_valid() =>
        Assert.Empty((await EnvironmentValidator.ValidateAsync(new LocalEnvironment(new Scored((task, text) => text == task.Answer ? 1 : 0)), CancellationToken.None)).Problems);
}
