using Intellect3.Environments.BuiltIn.Parity;
using Intellect3.Environments.BuiltIn.Reverse;
using Intellect3.Environments.BuiltIn.Sort;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Tests.BuiltIn;

public class SingleTurnTests
{
    private static TaskData Ask(string prompt, string answer) => new() { Key = "test", Prompt = [Message.User(prompt)], Answer = answer };

    [Fact]
    public void Parity_works_it_out_bit_by_bit()
    {
        var taskset = new ParityTaskset();
        var task = Enumerable.Range(0, 4096).SelectMany(i => Enum.GetValues<TaskSplit>().Select(s => taskset.GetTask(s, i))).First(t => t.Prompt[0].Content == "101100101101=");
        Assert.Equal("110111001001|1", task.Answer);
    }

    [Fact]
    public void Parity_lists_all_4096_prompts_once()
    {
        var taskset = new ParityTaskset();
        var prompts = Enumerable.Range(0, 512).Select(i => taskset.GetTask(TaskSplit.HeldOut, i)).Concat(Enumerable.Range(0, 3584).Select(i => taskset.GetTask(TaskSplit.Train, i)));
        Assert.Equal(4096, prompts.Select(t => t.Prompt[0].Content).Distinct().Count());
    }

    [Theory]
    [InlineData("110111001001|0")]
    [InlineData("110111001000|1")]
    [InlineData("1")]
    [InlineData("110111001001|1 ")]
    public async Task Parity_wants_the_whole_answer(string reply) =>
        Assert.Equal(0, (await TestTraces.PlayAndScore(new ParityTaskset(), Ask("101100101101=", "110111001001|1"), reply)).Reward);

    [Theory]
    [InlineData("1123345569", 1)]
    [InlineData("1123345596", 0.8)]
    [InlineData("1111111111", 0.2)]
    [InlineData("112334556", 0)]
    [InlineData("11233455699", 0)]
    public async Task Sort_counts_right_positions_of_ten(string reply, double expected) =>
        Assert.Equal(expected, (await TestTraces.PlayAndScore(new SortTaskset(), Ask("3141592653=", "1123345569"), reply)).Reward);

    [Theory]
    [InlineData("<r>dcba</r>", 1)]
    [InlineData("<r>dc</r>", 2.0 / 3)]
    [InlineData("<r></r>", 0)]
    [InlineData("<r>dcba</r> ", 0)]
    [InlineData("dcba", 0)]
    [InlineData("<r>dcba", 0)]
    [InlineData("<r/r>", 0)]
    public async Task Reverse_measures_what_is_in_the_tags(string reply, double expected) =>
        Assert.Equal(expected, (await TestTraces.PlayAndScore(new ReverseTaskset(), Ask("abcd=", "<r>dcba</r>"), reply)).Reward);

    [Fact]
    public async Task A_turn_that_was_cut_off_is_no_answer()
    {
        foreach (var (taskset, answer) in new (Taskset, string)[] { (new ParityTaskset(), "110111001001|1"), (new SortTaskset(), "1123345569"), (new ReverseTaskset(), "<r>dcba</r>") })
        {
            var task = Ask("?", answer);
            var trace = TestTraces.Play(taskset, task, TestTraces.Turn(answer, ended: false));
            await Scorer.For(taskset).ScoreAsync(task, trace, CancellationToken.None);
            Assert.Equal((0.0, 0.0), (trace.Reward, trace.Metrics["success"]));
        }
    }

    [Fact]
    public void Reverse_prompts_have_12_to_24_letters()
    {
        var lengths = Enumerable.Range(0, 1000).Select(i => new ReverseTaskset().GetTask(TaskSplit.Train, i).Prompt[0].Content.Length - 1).ToList();
        Assert.Equal((12, 24), (lengths.Min(), lengths.Max()));
    }

    [Fact]
    public void The_reverse_teacher_stops_after_each_letter_with_probability_a_tenth()
    {
        var taskset = new ReverseTaskset();
        var task = Ask("x", $"<r>{new string('a', 11)}z</r>");
        var lengths = Enumerable.Range(0, 20_000).Select(seed => taskset.Demonstrate(task, (ulong)seed)[0].Content.Length - 7).ToList();
        Assert.All(Enumerable.Range(1, 11), length =>
            Assert.Equal(0.1 * Math.Pow(0.9, length - 1), lengths.Count(x => x == length) / 20_000.0, 0.01));
        Assert.Equal(12, lengths.Max());
    }
}
