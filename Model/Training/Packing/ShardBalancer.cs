namespace Intellect3.Model.Training.Packing;

/// <summary>Spreads micro-batches over shards, equally many each, so that the dearest shard is as cheap as can be: longest first to the least loaded, then swaps while they help.</summary>
public static class ShardBalancer
{
    /// <summary>For each shard its micro-batches, dearest first, so that shards that run in step wait little for each other.</summary>
    public static IReadOnlyList<IReadOnlyList<MicroBatch>> Balance(IReadOnlyList<MicroBatch> microBatches, int shards)
    {
        ArgumentNullException.ThrowIfNull(microBatches);
        var most = (microBatches.Count + shards - 1) / shards;
        var assigned = Enumerable.Range(0, shards).Select(_ => new List<MicroBatch>()).ToArray();
        foreach (var microBatch in microBatches.OrderByDescending(m => m.Cost).ThenBy(m => m.Sequences[0]))
        {
            assigned.Where(s => s.Count < most).MinBy(Load)!.Add(microBatch);
        }

        while (Improve(assigned))
        {
        }

        return [.. assigned.Select(s => (IReadOnlyList<MicroBatch>)[.. s.OrderByDescending(m => m.Cost).ThenBy(m => m.Sequences[0])])];
    }

    private static long Load(List<MicroBatch> shard) => shard.Sum(m => m.Cost);

    /// <summary>Makes the best swap between two shards that lowers the sum of squared loads; false when there is none.</summary>
    private static bool Improve(List<MicroBatch>[] shards)
    {
        var loads = shards.Select(Load).ToArray();
        var (best, at) = (0.0, (A: 0, I: 0, B: 0, J: 0));
        for (var a = 0; a < shards.Length; a++)
        {
            for (var b = a + 1; b < shards.Length; b++)
            {
                for (var i = 0; i < shards[a].Count; i++)
                {
                    for (var j = 0; j < shards[b].Count; j++)
                    {
                        var moved = (double)shards[a][i].Cost - shards[b][j].Cost;
                        var gain = moved * ((double)loads[a] - loads[b] - moved);
                        if (gain > best)
                        {
                            (best, at) = (gain, (a, i, b, j));
                        }
                    }
                }
            }
        }

        if (best <= 0)
        {
            return false;
        }

        (shards[at.A][at.I], shards[at.B][at.J]) = (shards[at.B][at.J], shards[at.A][at.I]);
        return true;
    }
}
