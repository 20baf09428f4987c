using System.Text.Json;
using Intellect3.Model.Training.Advantages;

namespace Intellect3.Model.Tests.Training;

/// <summary>Advantages as prime-rl computes them, in float32 (fixtures/advantages.json; 1e-6).</summary>
public sealed class AdvantageFixtures
{
    private static readonly JsonElement File = Fixture.Load("advantages.json");

    [Fact]
    public void Grpo_agrees() => AssertAgree("grpo", (rewards, _) => GroupAdvantages.Of("grpo", rewards));

    [Fact]
    public void MaxRl_agrees() => AssertAgree("max_rl", (rewards, _) => GroupAdvantages.Of("max_rl", rewards));

    [Fact]
    public void The_length_penalty_agrees() =>
        AssertAgree("grpo_linear_default", (rewards, lengths) => GroupAdvantages.Grpo(GroupAdvantages.PenaliseLength(rewards, lengths, new LengthPenalty())));

    [Fact]
    public void The_length_penalty_of_the_output_alone_agrees() =>
        AssertAgree("grpo_linear_output_only", (rewards, lengths) => GroupAdvantages.Grpo(GroupAdvantages.PenaliseLength(rewards, lengths, new LengthPenalty(0.5, 0, 0))));

    [Fact]
    public void Groups_of_nothing_are_nothing()
    {
        Assert.Empty(GroupAdvantages.Grpo([]));
        Assert.Empty(GroupAdvantages.MaxRl([]));
        Assert.Empty(GroupAdvantages.PenaliseLength([], [], new LengthPenalty()));
    }

    /// <summary>Zero is what decides that a group has nothing to teach.</summary>
    [Theory]
    [InlineData(0.1, 3)]
    [InlineData(0.7071067811865476, 7)]
    [InlineData(1e-300, 8)]
    public void Equal_rewards_have_advantages_of_exactly_zero(double reward, int count)
    {
        double[] rewards = [.. Enumerable.Repeat(reward, count)];
        Assert.All(GroupAdvantages.Grpo(rewards), a => Assert.Equal(0.0, a));
        Assert.All(GroupAdvantages.MaxRl(rewards), a => Assert.Equal(0.0, a));
    }

    [Fact]
    public void An_unknown_estimator_is_refused_with_those_there_are() =>
        Assert.Contains("grpo, max_rl", Assert.Throws<ArgumentException>(() => GroupAdvantages.Of("gae", [1])).Message, StringComparison.Ordinal);

    /// <summary>Traces for which nothing is expected were left out of the group; ours are left out before.</summary>
    private static void AssertAgree(string name, Func<double[], RolloutLength[], double[]> advantages)
    {
        foreach (var group in File.GetProperty("grpo").EnumerateArray())
        {
            var traces = group.GetProperty("group").EnumerateArray().SelectMany(e => e.GetProperty("traces").EnumerateArray());
            var expected = group.GetProperty(name).EnumerateArray().SelectMany(e => e.EnumerateArray());
            var kept = traces.Zip(expected).Where(pair => pair.Second.ValueKind != JsonValueKind.Null).ToArray();
            var actual = advantages([.. kept.Select(pair => pair.First.GetProperty("reward").GetDouble())], [.. kept.Select(pair => LengthOf(pair.First))]);
            Assert.Equal(kept.Length, actual.Length);
            for (var i = 0; i < kept.Length; i++)
            {
                Fixture.Close(kept[i].Second.GetDouble(), actual[i], 1e-6, $"{name} of '{group.GetProperty("name").GetString()}', trace {i}");
            }
        }
    }

    private static RolloutLength LengthOf(JsonElement trace) =>
        new(trace.GetProperty("output_tokens").GetInt32(), trace.GetProperty("input_tokens").GetInt32(), trace.GetProperty("turns").GetInt32());
}
