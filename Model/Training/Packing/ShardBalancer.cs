namespace Intellect3.Model.Training.Packing;

/// <summary>
/// Spreads bins over shards, equally many each, so that the dearest shard is as cheap as can be: dearest first to the least loaded, then, while one helps, the best
/// swap of two bins or move of one sequence, and where none is left the best swap of two bins for two.
/// </summary>
internal sealed class ShardBalancer
{
    private readonly int _maxTokens;
    private readonly List<Bin>[] _shards;
    private double _bestGain;
    private Action? _best;

    public ShardBalancer(List<Bin> bins, int maxTokens, int shards)
    {
        _maxTokens = maxTokens;
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new List<Bin>())];
        var most = (bins.Count + shards - 1) / shards;
        foreach (var bin in bins.OrderByDescending(b => b.Cost))
        {
            _shards.Where(s => s.Count < most).MinBy(Load)!.Add(bin);
        }
    }

    public IReadOnlyList<IReadOnlyList<Bin>> Balance()
    {
        while (Improve(ProposeOne) || Improve(ProposeTwo))
        {
        }

        return _shards;
    }

    private static long Load(List<Bin> shard) => shard.Sum(b => b.Cost);

    /// <summary>Does the best of the proposals for every dearer and cheaper shard; false when there is none.</summary>
    private bool Improve(Action<List<Bin>, List<Bin>, long> propose)
    {
        (_bestGain, _best) = (0, null);
        var loads = Array.ConvertAll(_shards, Load);
        for (var dear = 0; dear < _shards.Length; dear++)
        {
            for (var cheap = 0; cheap < _shards.Length; cheap++)
            {
                if (loads[dear] > loads[cheap])
                {
                    propose(_shards[dear], _shards[cheap], loads[dear] - loads[cheap]);
                }
            }
        }

        _best?.Invoke();
        return _best is not null;
    }

    /// <summary>True when moving that cost across would lower the sum of squared loads more than the best so far; the gain is half of what it would be lowered by.</summary>
    private bool IsBest(long moved, long difference)
    {
        var gain = (double)moved * (difference - moved);
        if (gain <= _bestGain)
        {
            return false;
        }

        _bestGain = gain;
        return true;
    }

    private void ProposeOne(List<Bin> dear, List<Bin> cheap, long difference)
    {
        foreach (var from in dear)
        {
            foreach (var to in cheap)
            {
                if (IsBest(from.Cost - to.Cost, difference))
                {
                    _best = () => Swap(dear, from, cheap, to);
                }
            }

            foreach (var sequence in from.Sequences.Count > 1 ? from.Sequences : [])
            {
                var to = cheap.Find(b => b.Tokens + sequence.Length <= _maxTokens);
                if (to is not null && IsBest(from.CostOf(sequence), difference))
                {
                    _best = () =>
                    {
                        from.Remove(sequence);
                        to.Add(sequence);
                    };
                }
            }
        }
    }

    /// <summary>For each pair of the dear shard the pair of the cheap one that comes nearest to halving the difference.</summary>
    private void ProposeTwo(List<Bin> dear, List<Bin> cheap, long difference)
    {
        var pairs = Pairs(cheap).OrderBy(p => p.Cost).ToArray();
        var costs = Array.ConvertAll(pairs, p => p.Cost);
        foreach (var from in Pairs(dear))
        {
            var at = Array.BinarySearch(costs, from.Cost - (difference / 2));
            at = at < 0 ? ~at : at;
            foreach (var to in pairs.AsSpan(Math.Max(0, at - 1), Math.Min(pairs.Length, at + 1) - Math.Max(0, at - 1)))
            {
                if (IsBest(from.Cost - to.Cost, difference))
                {
                    _best = () =>
                    {
                        Swap(dear, from.A, cheap, to.A);
                        Swap(dear, from.B, cheap, to.B);
                    };
                }
            }
        }
    }

    private static IEnumerable<(long Cost, Bin A, Bin B)> Pairs(List<Bin> bins) => bins.SelectMany((a, i) => bins.Skip(i + 1).Select(b => (a.Cost + b.Cost, a, b)));

    private static void Swap(List<Bin> dear, Bin from, List<Bin> cheap, Bin to) => (dear[dear.IndexOf(from)], cheap[cheap.IndexOf(to)]) = (to, from);
}
