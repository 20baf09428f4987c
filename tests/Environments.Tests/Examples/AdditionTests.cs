using System.Text.RegularExpressions;
using Arithmetic;
using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Tests.Examples;

public class AdditionTests
{
    [Fact]
    public void The_guide_shows_the_example_that_compiles()
    {
        var shown = Regex.Match(File.ReadAllText("Examples/environments.md"), "```csharp\n(?<code>.*?)```", RegexOptions.Singleline).Groups["code"].Value;
        Assert.Equal(File.ReadAllText("Examples/AdditionTaskset.cs"), shown);
        Assert.True(shown.Split('\n').Length < 30, "The guide promises an environment in under 30 lines.");
    }

    [Fact]
    public async Task The_example_works()
    {
        var taskset = new TasksetRegistry([new AdditionTaskset()]).Get("addition");
        var task = taskset.GetTask(TaskSplit.HeldOut, 7);
        Assert.Equal(1, (await TestTraces.PlayAndScore(taskset, task, task.Answer!)).Reward);
        Assert.Equal(0, (await TestTraces.PlayAndScore(taskset, task, "?")).Reward);
    }
}
