using System.Runtime.InteropServices;

namespace Intellect3.Environments.Verifiers.Text;

/// <summary>
/// Similarity of two sequences as Python's <c>difflib.SequenceMatcher(None, a, b)</c> measures it, to the bit: the longest common stretch is matched, then, recursively, what is
/// left and right of it (J. Ratcliff, D. Metzener, "Pattern matching: the gestalt approach", 1988). It is not the longest common subsequence, and not symmetric.
/// </summary>
/// <remarks>Immutable. Time is O(n) at best and O(n^3) at worst for sequences of n, so bound what comes from a policy.</remarks>
public sealed class SequenceMatcher
{
    // Second sequences shorter than this have no popular elements.
    internal const int AutojunkLength = 200;

    private readonly int _aLength;
    private readonly int _bLength;

    private SequenceMatcher(int[] a, int[] b, int elements, bool autojunk)
    {
        (_aLength, _bLength) = (a.Length, b.Length);
        MatchingBlocks = new BlockFinder(a, b, elements, autojunk).Find();
        Matches = MatchingBlocks.Sum(block => block.Length);
    }

    /// <summary>Maximal equal stretches, ascending in both sequences, ended by one of length 0 at both ends.</summary>
    public IReadOnlyList<MatchingBlock> MatchingBlocks { get; }

    /// <summary>Elements in matching blocks.</summary>
    public int Matches { get; }

    /// <summary>2 x matches / (|a| + |b|), from 0 to 1; 1 for two empty sequences.</summary>
    public double Ratio => _aLength + _bLength == 0 ? 1 : 2.0 * Matches / (_aLength + _bLength);

    /// <summary>Compares two texts by code point (surrogate pairs are one element, lone surrogates their own).</summary>
    /// <param name="a">The text that is judged.</param>
    /// <param name="b">The reference.</param>
    /// <param name="autojunk">Ignores, as places where a match may begin, elements that make up more than 1 % of a <paramref name="b"/> of 200 elements or more.</param>
    public static SequenceMatcher OfText(string a, string b, bool autojunk = true) => Of(CodePoints(a), CodePoints(b), autojunk);

    /// <summary>Compares two lists, such as lines, by equality of their elements.</summary>
    /// <inheritdoc cref="OfText"/>
    public static SequenceMatcher Of<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, bool autojunk = true)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var ids = new Dictionary<T, int>();
        int IdOf(T element)
        {
            ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, element, out var known);
            return known ? id : id = ids.Count - 1;
        }

        return new SequenceMatcher([.. a.Select(IdOf)], [.. b.Select(IdOf)], ids.Count, autojunk);
    }

    /// <summary>The steps that turn the first sequence into the second, in order.</summary>
    public IReadOnlyList<Edit> Edits()
    {
        var edits = new List<Edit>();
        var (i, j) = (0, 0);
        foreach (var (aStart, bStart, length) in MatchingBlocks)
        {
            if (i < aStart || j < bStart)
            {
                var kind = j == bStart ? EditKind.Delete : i == aStart ? EditKind.Insert : EditKind.Replace;
                edits.Add(new Edit(kind, i, aStart, j, bStart));
            }

            (i, j) = (aStart + length, bStart + length);
            if (length > 0)
            {
                edits.Add(new Edit(EditKind.Equal, aStart, i, bStart, j));
            }
        }

        return edits;
    }

    private static List<int> CodePoints(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var points = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            points.Add(isPair ? char.ConvertToUtf32(text[i], text[++i]) : text[i]);
        }

        return points;
    }
}
