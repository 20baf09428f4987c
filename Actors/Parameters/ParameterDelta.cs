using System.Buffers.Binary;
using System.Numerics;

namespace Intellect3.Actors.Parameters;

/// <summary>
/// What turns one parameter vector into another, to the bit: runs of changed 32-bit words. A run whose words all end in 16 zero bits costs two bytes a word, so a
/// vector that was rounded to bfloat16 costs what bfloat16 costs, and only where a rounded value changed.
/// </summary>
/// <remarks>A run is: words to skip and twice the changed words plus one if they are short, both as base-128 numbers; then the words, little-endian.</remarks>
public static class ParameterDelta
{
    private const int ShortBits = 16;

    /// <summary>True when a delta is worth pulling in the place of the vector: applying one costs a pass over memory, too.</summary>
    public static bool Pays(long deltaBytes, long fullBytes) => deltaBytes <= fullBytes / 2;

    /// <summary>Encodes what changed, or null when it does not pay.</summary>
    /// <exception cref="ArgumentException">The vectors have different lengths.</exception>
    public static byte[]? Encode(ReadOnlySpan<uint> from, ReadOnlySpan<uint> to)
    {
        if (from.Length != to.Length)
        {
            throw new ArgumentException($"the base has {from.Length} words, the vector {to.Length}", nameof(from));
        }

        // Sized first: most deltas that do not pay are found out before anything is allocated.
        var size = 0L;
        for (var run = Run.First(from, to); run.Count > 0; run = run.Next(from, to))
        {
            size += run.Bytes;
            if (!Pays(size, (long)to.Length * sizeof(uint)))
            {
                return null;
            }
        }

        var bytes = new byte[size];
        var rest = bytes.AsSpan();
        for (var run = Run.First(from, to); run.Count > 0; run = run.Next(from, to))
        {
            Write(ref rest, run, to.Slice(run.Start, run.Count));
        }

        return bytes;
    }

    /// <summary>Turns the base into the vector, in place.</summary>
    /// <exception cref="FormatException">It is no delta of a vector of this length; the words are spoiled.</exception>
    public static void Apply(ReadOnlySpan<byte> delta, Span<uint> words)
    {
        while (delta.Length > 0)
        {
            var skip = ReadNumber(ref delta);
            var (count, isShort) = Math.DivRem(ReadNumber(ref delta), 2);
            var size = isShort == 1 ? sizeof(ushort) : sizeof(uint);
            if (count == 0 || skip + count > words.Length || count * size > delta.Length)
            {
                throw new FormatException("the delta names words beyond the vector or beyond its own end");
            }

            words = words[(int)skip..];
            for (var i = 0; i < (int)count; i++)
            {
                words[i] = isShort == 1 ? (uint)BinaryPrimitives.ReadUInt16LittleEndian(delta[(i * size)..]) << ShortBits : BinaryPrimitives.ReadUInt32LittleEndian(delta[(i * size)..]);
            }

            words = words[(int)count..];
            delta = delta[((int)count * size)..];
        }
    }

    private static void Write(ref Span<byte> bytes, Run run, ReadOnlySpan<uint> words)
    {
        WriteNumber(ref bytes, run.Skip);
        WriteNumber(ref bytes, run.CountAndKind);
        foreach (var word in words)
        {
            if (run.IsShort)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(word >> ShortBits));
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
            }

            bytes = bytes[run.WordBytes..];
        }
    }

    private static void WriteNumber(ref Span<byte> bytes, long number)
    {
        var last = LengthOf(number) - 1;
        for (var i = 0; i < last; i++, number >>= 7)
        {
            bytes[i] = (byte)(number | 0x80);
        }

        bytes[last] = (byte)number;
        bytes = bytes[(last + 1)..];
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        // Five bytes hold twice the longest vector.
        var number = 0L;
        for (var i = 0; i < 5 && i < bytes.Length; i++)
        {
            number |= (long)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }

        throw new FormatException("the delta ends within a number, or has one that is too large");
    }

    private static int LengthOf(long number) => (BitOperations.Log2((ulong)number | 1) / 7) + 1;

    /// <summary>Words that changed, one after the other.</summary>
    private readonly record struct Run(int Skip, int Start, int Count, bool IsShort)
    {
        public int WordBytes => IsShort ? sizeof(ushort) : sizeof(uint);

        public long CountAndKind => (2L * Count) + (IsShort ? 1 : 0);

        public long Bytes => LengthOf(Skip) + LengthOf(CountAndKind) + ((long)Count * WordBytes);

        public static Run First(ReadOnlySpan<uint> from, ReadOnlySpan<uint> to) => After(0, from, to);

        public Run Next(ReadOnlySpan<uint> from, ReadOnlySpan<uint> to) => After(Start + Count, from, to);

        private static Run After(int position, ReadOnlySpan<uint> from, ReadOnlySpan<uint> to)
        {
            // Bounded, so that a vector of which everything changed is given up early.
            const int MaxCount = 1 << 16;
            var skip = from[position..].CommonPrefixLength(to[position..]);
            var (start, count, bits) = (position + skip, 0, 0u);
            while (count < MaxCount && start + count < to.Length && from[start + count] != to[start + count])
            {
                bits |= to[start + count++];
            }

            return new Run(skip, start, count, BitOperations.TrailingZeroCount(bits) >= ShortBits);
        }
    }
}
