using Intellect3.Model.Inference.Cpu;

namespace Intellect3.Model.Inference.Torch;

/// <summary>A step's plan as plain arrays: the chunks' tokens laid end to end, chunks of one length beside each other.</summary>
internal sealed class StepRows
{
    private StepRows(List<StepPlan.Chunk> chunks, int blockTokens)
    {
        Ids = [.. chunks.SelectMany(c => c.Sequence.Tokens.Slice(c.Start, c.Count).ToArray()).Select(id => (long)id)];
        Positions = [.. chunks.SelectMany(c => Enumerable.Range(c.Start, c.Count)).Select(p => (long)p)];
        CacheRows = [.. chunks.SelectMany(c => Enumerable.Range(c.Start, c.Count).Select(p => CacheRow(c.Sequence, p, blockTokens)))];
        var (groups, sampling, row) = (new List<Group>(), new List<(Sequence, long)>(), 0);
        foreach (var group in chunks.GroupBy(c => c.Count))
        {
            StepPlan.Chunk[] members = [.. group];
            groups.Add(Group.Of(members, row, blockTokens));
            foreach (var chunk in members)
            {
                row += chunk.Count;
                if (chunk.Samples)
                {
                    sampling.Add((chunk.Sequence, row - 1));
                }
            }
        }

        (Groups, Sampling) = (groups, sampling);
    }

    /// <summary>[rows]</summary>
    public long[] Ids { get; }

    /// <summary>[rows]</summary>
    public long[] Positions { get; }

    /// <summary>Where each row's key and value go. [rows]</summary>
    public long[] CacheRows { get; }

    public IReadOnlyList<Group> Groups { get; }

    /// <summary>The sequences that sample a token, and the row whose logits they sample from.</summary>
    public IReadOnlyList<(Sequence Sequence, long Row)> Sampling { get; }

    public static StepRows Of(StepPlan plan, int blockTokens) => new([.. plan.Chunks.ToArray().OrderBy(c => c.Count)], blockTokens);

    private static long CacheRow(Sequence sequence, int position, int blockTokens) =>
        (long)sequence.Blocks[position / blockTokens] * blockTokens + (position % blockTokens);

    /// <summary>Chunks of one length.</summary>
    /// <param name="FirstRow">Their first row in the step; they lie end to end.</param>
    /// <param name="Chunks">How many.</param>
    /// <param name="Queries">Tokens of each.</param>
    /// <param name="Keys">Tokens of the longest prefix among them, its chunk included.</param>
    /// <param name="CacheRows">Where the keys of each lie, padded with the row of its own first token, so that nothing of another sequence is read. [chunks * keys]</param>
    internal sealed record Group(int FirstRow, int Chunks, int Queries, int Keys, long[] CacheRows)
    {
        public static Group Of(StepPlan.Chunk[] chunks, int firstRow, int blockTokens)
        {
            var keys = chunks.Max(c => c.Start + c.Count);
            long[] cacheRows = [.. chunks.SelectMany(c => Enumerable.Range(0, keys).Select(p => CacheRow(c.Sequence, p < c.Start + c.Count ? p : 0, blockTokens)))];
            return new Group(firstRow, chunks.Length, chunks[0].Count, keys, cacheRows);
        }
    }
}
