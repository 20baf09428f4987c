using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Tests;

public class TaskRandomTests
{
    [Fact]
    public void Numbers_are_a_function_of_stream_and_key()
    {
        Assert.Equal(Draw("a", 1, 2), Draw("a", 1, 2));
        string[] different = [Draw("a", 1, 2), Draw("b", 1, 2), Draw("a", 2, 1), Draw("a", 1), Draw("a"), Draw("", 1, 2), Draw("a", 1, 2, 0)];
        Assert.Equal(different.Length, different.Distinct().Count());

        static string Draw(string stream, params ulong[] key)
        {
            var random = new TaskRandom(stream, key);
            return $"{random.Next():x} {random.Next():x}";
        }
    }

    [Fact]
    public void Every_value_comes_about_equally_often()
    {
        // Consecutive keys, as tasks are drawn. 6 sigma of a binomial count.
        var counts = Enumerable.Range(0, 70_000).GroupBy(i => new TaskRandom("fair", (ulong)i).Between(-3, 3)).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(Enumerable.Range(-3, 7), counts.Keys.Order());
        Assert.All(counts.Values, count => Assert.InRange(count, 10_000 - 556, 10_000 + 556));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.25)]
    [InlineData(1, 1)]
    public void Chance_has_its_probability(double probability, double expected)
    {
        var random = new TaskRandom("chance");
        Assert.Equal(expected, Enumerable.Range(0, 40_000).Count(_ => random.Chance(probability)) / 40_000.0, 0.013);
    }

    [Fact]
    public void The_text_hash_never_changes()
    {
        // From a second implementation, in Python, whose finaliser gives SplitMix64's published first number for seed 0.
        Assert.Equal(0x4511267EDE4C2318UL, TaskRandom.Hash("abc"));
        Assert.NotEqual(TaskRandom.Hash("ab"), TaskRandom.Hash("ba"));
        Assert.NotEqual(TaskRandom.Hash("a"), TaskRandom.Hash("a\0"));
    }
}
