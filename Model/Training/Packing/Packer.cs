namespace Intellect3.Model.Training.Packing;

/// <summary>
/// Packs sequences into micro-batches and spreads them over logical shards. A function of its arguments alone, so the micro-batches of a shard, and the
/// order in which their gradients add up, are fixed by the batch.
/// </summary>
public static class Packer
{
    /// <summary>First-fit decreasing into bins of <paramref name="maxTokens"/>, then bins over shards so that their costs are near equal and each shard runs its dearest first.</summary>
    /// <param name="lengths">Tokens of each sequence; one longer than the limit has a bin to itself.</param>
    /// <param name="maxTokens">The most tokens of a micro-batch.</param>
    /// <param name="shards">Logical shards; where there are enough sequences each gets equally many micro-batches.</param>
    /// <param name="cost">What a micro-batch costs.</param>
    /// <returns>For each shard its micro-batches in order, each the indices of its sequences in ascending order.</returns>
    public static IReadOnlyList<IReadOnlyList<MicroBatch>> Pack(IReadOnlyList<int> lengths, int maxTokens, int shards, PackingCost cost)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        var bins = FirstFitDecreasing(lengths, maxTokens);
        SplitUntilDivisible(bins, lengths, shards, cost);
        var microBatches = bins.Select(b => new MicroBatch([.. b.Order()], b.Sum(i => (long)lengths[i]), cost.Of(b.Select(i => lengths[i])))).ToList();
        return ShardBalancer.Balance(microBatches, shards);
    }

    private static List<List<int>> FirstFitDecreasing(IReadOnlyList<int> lengths, int maxTokens)
    {
        var bins = new List<List<int>>();
        var free = new List<int>();
        foreach (var sequence in Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i]))
        {
            var bin = free.FindIndex(room => room >= lengths[sequence]);
            if (bin < 0)
            {
                bins.Add([]);
                free.Add(maxTokens);
                bin = bins.Count - 1;
            }

            bins[bin].Add(sequence);
            free[bin] -= lengths[sequence];
        }

        return bins;
    }

    private static void SplitUntilDivisible(List<List<int>> bins, IReadOnlyList<int> lengths, int shards, PackingCost cost)
    {
        while (bins.Count % shards != 0 && bins.Where(b => b.Count > 1).MaxBy(b => cost.Of(b.Select(i => lengths[i]))) is { } heaviest)
        {
            var (left, right) = (new List<int>(), new List<int>());
            foreach (var sequence in heaviest.OrderByDescending(i => lengths[i]))
            {
                (cost.Of(left.Select(i => lengths[i])) <= cost.Of(right.Select(i => lengths[i])) ? left : right).Add(sequence);
            }

            bins.Remove(heaviest);
            bins.AddRange([left, right]);
        }
    }
}
