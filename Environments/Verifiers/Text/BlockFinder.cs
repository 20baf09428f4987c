namespace Intellect3.Environments.Verifiers.Text;

/// <summary>Finds the matching blocks of two sequences of small integer ids.</summary>
internal sealed class BlockFinder
{
    private readonly int[] _a;
    private readonly int[] _b;

    // Places of every element in b, ascending, grouped by id: those of id x are _places[_first[x].._first[x + 1]]. Popular elements have none.
    private readonly int[] _places;
    private readonly int[] _first;

    // Length of the common stretch that ends at b[j], at index j + 1: for the row of a before and for the present one. Zero between calls.
    private int[] _before;
    private int[] _now;

    public BlockFinder(int[] a, int[] b, int elements, bool autojunk)
    {
        (_a, _b) = (a, b);
        (_before, _now) = (new int[b.Length + 1], new int[b.Length + 1]);

        var counts = new int[elements];
        foreach (var id in b)
        {
            counts[id]++;
        }

        var limit = autojunk && b.Length >= SequenceMatcher.AutojunkLength ? b.Length / 100 + 1 : int.MaxValue;
        _first = new int[elements + 1];
        for (var id = 0; id < elements; id++)
        {
            _first[id + 1] = _first[id] + (counts[id] > limit ? 0 : counts[id]);
        }

        _places = new int[_first[elements]];
        var next = _first.ToArray();
        for (var j = 0; j < b.Length; j++)
        {
            if (next[b[j]] < _first[b[j] + 1])
            {
                _places[next[b[j]]++] = j;
            }
        }
    }

    /// <summary>All blocks, ascending, adjacent ones joined, ended by one of length 0.</summary>
    public List<MatchingBlock> Find()
    {
        var found = new List<MatchingBlock>();
        var open = new Stack<(int ALow, int AHigh, int BLow, int BHigh)>([(0, _a.Length, 0, _b.Length)]);
        while (open.TryPop(out var range))
        {
            var block = Longest(range.ALow, range.AHigh, range.BLow, range.BHigh);
            if (block.Length > 0)
            {
                found.Add(block);
                open.Push((range.ALow, block.AStart, range.BLow, block.BStart));
                open.Push((block.AStart + block.Length, range.AHigh, block.BStart + block.Length, range.BHigh));
            }
        }

        found.Sort((x, y) => x.AStart.CompareTo(y.AStart));
        var joined = new List<MatchingBlock>(found.Count + 1);
        foreach (var block in found)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.AStart + last.Length == block.AStart && last.BStart + last.Length == block.BStart)
            {
                joined[^1] = last with { Length = last.Length + block.Length };
            }
            else
            {
                joined.Add(block);
            }
        }

        joined.Add(new MatchingBlock(_a.Length, _b.Length, 0));
        return joined;
    }

    // The longest block within the ranges that begins, of all, earliest in a, and of those earliest in b.
    private MatchingBlock Longest(int aLow, int aHigh, int bLow, int bHigh)
    {
        var (bestA, bestB, best) = (aLow, bLow, 0);
        if (aLow == aHigh || bLow == bHigh)
        {
            return new MatchingBlock(bestA, bestB, 0);
        }

        for (var i = aLow; i < aHigh; i++)
        {
            foreach (var j in PlacesOf(_a[i], bLow, bHigh))
            {
                var length = _now[j + 1] = _before[j] + 1;
                if (length > best)
                {
                    (bestA, bestB, best) = (i - length + 1, j - length + 1, length);
                }
            }

            if (i > aLow)
            {
                Clear(_before, i - 1, bLow, bHigh);
            }

            (_before, _now) = (_now, _before);
        }

        Clear(_before, aHigh - 1, bLow, bHigh);
        return Extend(new MatchingBlock(bestA, bestB, best), aLow, aHigh, bLow, bHigh);
    }

    // Popular elements begin no block, but a block may grow over them.
    private MatchingBlock Extend(MatchingBlock block, int aLow, int aHigh, int bLow, int bHigh)
    {
        var (i, j, end) = (block.AStart, block.BStart, block.AStart + block.Length);
        while (i > aLow && j > bLow && _a[i - 1] == _b[j - 1])
        {
            (i, j) = (i - 1, j - 1);
        }

        while (end < aHigh && j + end - i < bHigh && _a[end] == _b[j + end - i])
        {
            end++;
        }

        return new MatchingBlock(i, j, end - i);
    }

    private void Clear(int[] row, int i, int bLow, int bHigh)
    {
        foreach (var j in PlacesOf(_a[i], bLow, bHigh))
        {
            row[j + 1] = 0;
        }
    }

    private ReadOnlySpan<int> PlacesOf(int id, int bLow, int bHigh)
    {
        var places = _places.AsSpan(_first[id].._first[id + 1]);
        return places[LowerBound(places, bLow)..LowerBound(places, bHigh)];
    }

    private static int LowerBound(ReadOnlySpan<int> ascending, int value)
    {
        var at = ascending.BinarySearch(value);
        return at < 0 ? ~at : at;
    }
}
