namespace Intellect3.Model.Training.Advantages;

/// <summary>Advantages of a group's rollouts from their rewards. Rollouts that failed are left out before.</summary>
public static class GroupAdvantages
{
    public static IReadOnlyList<string> Names { get; } = ["grpo", "max_rl"];

    /// <summary>The advantages by the estimator's name.</summary>
    /// <exception cref="ArgumentException">No estimator has that name.</exception>
    public static double[] Of(string estimator, IReadOnlyList<double> rewards) => estimator switch
    {
        "grpo" => Grpo(rewards),
        "max_rl" => MaxRl(rewards),
        _ => throw new ArgumentException($"no advantage is named '{estimator}'; there are {string.Join(", ", Names)}", nameof(estimator)),
    };

    /// <summary>Reward minus the group's mean, without a standard deviation (prime-rl's GRPO; Liu et al., arXiv 2503.20783).</summary>
    public static double[] Grpo(IReadOnlyList<double> rewards)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        var mean = Mean(rewards);
        return [.. rewards.Select(r => r - mean)];
    }

    /// <summary>Reward relative to the group's mean; zero unless the mean is positive (arXiv 2602.02710).</summary>
    public static double[] MaxRl(IReadOnlyList<double> rewards)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        var mean = Mean(rewards);
        return [.. rewards.Select(r => mean > 0 ? (r - mean) / mean : 0)];
    }

    /// <summary>
    /// Rewards after prime-rl's linear length penalty: each part is relative to the group's longest and scaled by the group's mean reward, so a group
    /// that failed as a whole has none.
    /// </summary>
    public static double[] PenaliseLength(IReadOnlyList<double> rewards, IReadOnlyList<RolloutLength> lengths, LengthPenalty penalty)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(penalty);
        if (rewards.Count == 0)
        {
            return [];
        }

        var mean = Mean(rewards);
        double output = Math.Max(1, lengths.Max(l => l.OutputTokens)), input = Math.Max(1, lengths.Max(l => l.InputTokens)), turns = Math.Max(1, lengths.Max(l => l.Turns));
        return [.. rewards.Zip(lengths, (reward, length) =>
            reward - mean * (penalty.Output * length.OutputTokens / output + penalty.Input * length.InputTokens / input + penalty.Turns * length.Turns / turns))];
    }

    /// <summary>Counted from the first, so that the mean of equal rewards is that reward to the bit and their advantages are exactly zero.</summary>
    private static double Mean(IReadOnlyList<double> rewards) => rewards.Count == 0 ? 0 : rewards[0] + rewards.Average(r => r - rewards[0]);
}
