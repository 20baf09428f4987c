namespace Intellect3.Model.Networks;

/// <summary>Sequences laid end to end, with what the network needs to keep them apart. All arrays are of the packed tokens unless said otherwise.</summary>
public sealed class PackedTokens
{
    private PackedTokens(long[] ids, long[] positions, int[] lengths)
    {
        Ids = ids;
        Positions = positions;
        Lengths = lengths;
        Longest = lengths.Max();
    }

    /// <summary>Token ids. [tokens]</summary>
    public long[] Ids { get; }

    /// <summary>Positions, from 0 in every sequence. [tokens]</summary>
    public long[] Positions { get; }

    /// <summary>[sequences]</summary>
    public int[] Lengths { get; }

    public int Longest { get; }

    /// <summary>True when all sequences are equally long, so that the packed form is already a grid.</summary>
    public bool IsGrid => (long)Lengths.Length * Longest == Ids.Length;

    /// <summary>Lays sequences end to end.</summary>
    /// <exception cref="ArgumentException">There is none, or one is empty.</exception>
    public static PackedTokens From(IReadOnlyList<IReadOnlyList<int>> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        if (sequences.Count == 0 || sequences.Any(s => s.Count == 0))
        {
            throw new ArgumentException("a pack needs at least one sequence, and every sequence at least one token", nameof(sequences));
        }

        return new PackedTokens(
            [.. sequences.SelectMany(s => s).Select(id => (long)id)],
            [.. sequences.SelectMany(s => Enumerable.Range(0, s.Count)).Select(p => (long)p)],
            [.. sequences.Select(s => s.Count)]);
    }

    /// <summary>For each cell of the grid [sequences, longest] the packed token it shows; 0 for padding, which causal attention never reaches.</summary>
    public long[] GridToPacked()
    {
        var map = new long[(long)Lengths.Length * Longest];
        var token = 0;
        for (var sequence = 0; sequence < Lengths.Length; sequence++)
        {
            for (var t = 0; t < Lengths[sequence]; t++)
            {
                map[sequence * Longest + t] = token++;
            }
        }

        return map;
    }

    /// <summary>For each packed token its cell of the grid.</summary>
    public long[] PackedToGrid()
    {
        var map = new long[Ids.Length];
        var token = 0;
        for (var sequence = 0; sequence < Lengths.Length; sequence++)
        {
            for (var t = 0; t < Lengths[sequence]; t++)
            {
                map[token++] = (long)sequence * Longest + t;
            }
        }

        return map;
    }
}
