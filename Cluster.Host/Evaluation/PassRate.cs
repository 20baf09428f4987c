namespace Intellect3.Cluster.Host.Evaluation;

/// <summary>
/// Pass@k as the field counts it (M. Chen et al., "Evaluating large language models trained on code", 2021): of n attempts at a task of which c are correct, the chance that at least
/// one of k drawn without replacement is, 1 - C(n-c, k) / C(n, k). Correct is a reward of exactly 1.
/// </summary>
internal static class PassRate
{
    /// <summary>Pass@k of one task's rewards.</summary>
    /// <param name="rewards">Of every attempt, at least <paramref name="k"/>.</param>
    /// <param name="k">Attempts drawn, at least 1.</param>
    public static double Of(IReadOnlyCollection<double> rewards, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, rewards.Count);
        var wrong = rewards.Count(reward => reward != 1);
        return 1 - Enumerable.Range(0, k).Aggregate(1.0, (none, drawn) => none * Math.Max(0, wrong - drawn) / (rewards.Count - drawn));
    }

    /// <summary>
    /// The mean over the tasks that have at least k rewards; null when there is none, or when any reward is neither 0 nor 1: then "correct" says too little.
    /// </summary>
    public static double? Mean(IReadOnlyCollection<IReadOnlyCollection<double>> tasks, int k) =>
        tasks.All(rewards => rewards.All(reward => reward is 0 or 1)) && tasks.Where(rewards => rewards.Count >= k).ToList() is { Count: > 0 } counted
            ? counted.Average(rewards => Of(rewards, k))
            : null;
}
