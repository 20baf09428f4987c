using System.Globalization;
using System.Text.Json;
using Intellect3.Model.Evaluation;

namespace Intellect3.Model.Tests.Evaluation;

/// <summary>pass@k and pass^k as prime-rl computes them (fixtures/pass_at_k.json; 1e-12).</summary>
public sealed class PassAtKFixtures
{
    private static readonly JsonElement File = Fixture.Load("pass_at_k.json");

    [Fact]
    public void One_task_agrees()
    {
        foreach (var @case in File.GetProperty("pass_metrics").EnumerateArray())
        {
            var (n, correct) = (@case.GetProperty("n").GetInt32(), @case.GetProperty("correct").GetInt32());
            AssertEqual(@case, PassAtK.Of(n, correct));
            if (!@case.IsNull("rewards"))
            {
                AssertEqual(@case, PassAtK.Of(@case.Doubles("rewards")));
            }
        }
    }

    [Fact]
    public void Only_a_reward_of_exactly_one_is_correct()
    {
        foreach (var @case in File.GetProperty("partial_rewards").EnumerateArray())
        {
            AssertEqual(@case, PassAtK.Of(@case.Doubles("rewards")));
        }
    }

    [Fact]
    public void Aggregates_agree()
    {
        foreach (var @case in File.GetProperty("aggregate").EnumerateArray())
        {
            AssertEqual(@case, PassAtK.Aggregate(@case.GetProperty("groups").EnumerateObject().Select(g => g.Value.Doubles())));
        }
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(3, -1)]
    [InlineData(-1, -1)]
    public void Impossible_counts_are_refused(int rollouts, int correct) => Assert.Throws<ArgumentOutOfRangeException>(() => PassAtK.Of(rollouts, correct));

    private static void AssertEqual(JsonElement @case, IReadOnlyList<PassAtK> actual)
    {
        var expected = @case.GetProperty("metrics").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetDouble());
        Assert.Equal(expected.Count, 2 * actual.Count);
        foreach (var (k, any, all) in actual)
        {
            Fixture.Close(expected[string.Create(CultureInfo.InvariantCulture, $"pass@{k}")], any, 1e-12, $"pass@{k} of {@case}");
            Fixture.Close(expected[string.Create(CultureInfo.InvariantCulture, $"pass^{k}")], all, 1e-12, $"pass^{k} of {@case}");
        }
    }
}
