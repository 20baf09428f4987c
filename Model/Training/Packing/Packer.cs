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
        var bins = FirstFitDecreasing(lengths, maxTokens, cost);
        SplitUntilDivisible(bins, shards);
        return
        [
            .. new ShardBalancer(bins, maxTokens, shards).Balance()
                .Select(shard => (IReadOnlyList<MicroBatch>)[.. shard.Select(b => b.ToMicroBatch()).OrderByDescending(m => m.Cost).ThenBy(m => m.Sequences[0])]),
        ];
    }

    private static List<Bin> FirstFitDecreasing(IReadOnlyList<int> lengths, int maxTokens, PackingCost cost)
    {
        var bins = new List<Bin>();
        foreach (var sequence in lengths.Select((length, index) => (Index: index, Length: length)).OrderByDescending(s => s.Length))
        {
            var bin = bins.Find(b => b.Tokens + sequence.Length <= maxTokens);
            if (bin is null)
            {
                bins.Add(bin = new Bin(cost));
            }

            bin.Add(sequence);
        }

        return bins;
    }

    /// <summary>Splits the dearest bin, of equals the one that splits most evenly.</summary>
    private static void SplitUntilDivisible(List<Bin> bins, int shards)
    {
        while (bins.Count % shards != 0 && bins.Where(b => b.Sequences.Count > 1).MaxBy(b => (b.Cost, b.Halves().Cheaper.Cost)) is { } dearest)
        {
            var (left, right) = dearest.Halves();
            bins.Remove(dearest);
            bins.AddRange([left, right]);
        }
    }
}
