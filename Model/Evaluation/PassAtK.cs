namespace Intellect3.Model.Evaluation;

/// <summary>
/// pass@k, the chance that one of k rollouts is correct, and pass^k, the chance that all are, estimated without bias from n rollouts of which c are correct:
/// 1 - C(n-c, k) / C(n, k) (Chen et al., arXiv 2107.03374) and C(c, k) / C(n, k) (Yao et al., arXiv 2406.12045).
/// </summary>
/// <param name="K">Rollouts drawn.</param>
/// <param name="Any">pass@k</param>
/// <param name="All">pass^k</param>
public readonly record struct PassAtK(int K, double Any, double All)
{
    /// <summary>The estimates from <paramref name="rollouts"/> of which <paramref name="correct"/> are correct, for k = 1, 2, 4 and so on up to their number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More are correct than there are, or a number is negative.</exception>
    public static IReadOnlyList<PassAtK> Of(int rollouts, int correct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, rollouts);
        var estimates = new List<PassAtK>();
        for (var k = 1L; k <= rollouts; k *= 2)
        {
            estimates.Add(new PassAtK((int)k, 1 - AllFrom(rollouts, rollouts - correct, (int)k), AllFrom(rollouts, correct, (int)k)));
        }

        return estimates;
    }

    /// <summary>The estimates of one task. A reward is correct when it is exactly 1.</summary>
    public static IReadOnlyList<PassAtK> Of(IReadOnlyList<double> rewards)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        return Of(rewards.Count, rewards.Count(r => r == 1));
    }

    /// <summary>For each k the mean over the tasks that have it; nothing when any reward is neither 0 nor 1, for then "correct" has no meaning.</summary>
    public static IReadOnlyList<PassAtK> Aggregate(IEnumerable<IReadOnlyList<double>> tasks)
    {
        var all = tasks.ToList();
        return all.Any(rewards => rewards.Any(r => r is not (0 or 1)))
            ? []
            : [.. all.SelectMany(Of).GroupBy(e => e.K).OrderBy(k => k.Key).Select(k => new PassAtK(k.Key, k.Average(e => e.Any), k.Average(e => e.All)))];
    }

    /// <summary>C(of, k) / C(n, k): the chance that all of k drawn from n without replacement are among the <paramref name="of"/>.</summary>
    private static double AllFrom(int n, int of, int k)
    {
        var chance = 1.0;
        for (var i = 0; i < k && chance > 0; i++)
        {
            chance *= (double)(of - i) / (n - i);
        }

        return Math.Max(0, chance);
    }
}
