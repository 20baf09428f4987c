using System.Text.Json;
using Intellect3.Cluster.Host.Evaluation;

namespace Intellect3.Cluster.Host.Tests.Evaluation;

public sealed class PassRateTests
{
    private const double Tolerance = 1e-12;

    private static readonly JsonElement Fixture = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "pass_at_k.json"))).RootElement;

    [Theory]
    [InlineData("pass_metrics")]
    [InlineData("partial_rewards")]
    public void One_task_agrees_with_prime_rl(string part)
    {
        foreach (var example in Fixture.GetProperty(part).EnumerateArray())
        {
            var rewards = example.GetProperty("rewards") is { ValueKind: JsonValueKind.Array } given
                ? Rewards(given)
                : [.. Enumerable.Range(0, example.GetProperty("n").GetInt32()).Select(i => i < example.GetProperty("correct").GetInt32() ? 1.0 : 0.0)];
            foreach (var (k, expected) in PassAt(example))
            {
                Assert.Equal(expected, PassRate.Of(rewards, k), Tolerance);
            }
        }
    }

    [Fact]
    public void Many_tasks_agree_with_prime_rl()
    {
        foreach (var example in Fixture.GetProperty("aggregate").EnumerateArray())
        {
            double[][] tasks = [.. example.GetProperty("groups").EnumerateObject().Select(group => Rewards(group.Value))];
            var expected = PassAt(example).ToDictionary();
            for (var k = 1; k <= tasks.Max(rewards => rewards.Length); k *= 2)
            {
                var mean = PassRate.Mean(tasks, k);
                Assert.Equal(expected.ContainsKey(k), mean is not null);
                Assert.Equal(expected.GetValueOrDefault(k), mean ?? 0, Tolerance);
            }
        }
    }

    private static double[] Rewards(JsonElement array) => [.. array.EnumerateArray().Select(reward => reward.GetDouble())];

    private static IEnumerable<KeyValuePair<int, double>> PassAt(JsonElement example) =>
        from metric in example.GetProperty("metrics").EnumerateObject()
        where metric.Name.StartsWith("pass@", StringComparison.Ordinal)
        select KeyValuePair.Create(int.Parse(metric.Name[5..]), metric.Value.GetDouble());
}
