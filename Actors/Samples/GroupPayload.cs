using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace Intellect3.Actors.Samples;

/// <summary>
/// What a group leaves behind on its node: the token-level record that the trainer pulls, and the trace lines that the run directory gets. A compact
/// binary form with a version; reading checks every length.
/// </summary>
public sealed record GroupPayload(long Prompt, int Attempt, IReadOnlyList<RolloutPayload> Rollouts)
{
    private const uint Magic = 0x31503349; // "I3P1"
    private const int LargestCount = 1 << 28;

    /// <summary>Serialises the payload.</summary>
    public byte[] Write()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Prompt);
        writer.Write(Attempt);
        writer.Write(Rollouts.Count);
        foreach (var rollout in Rollouts)
        {
            writer.Write(rollout.Rollout);
            writer.Write(rollout.Reward ?? double.NaN);
            writer.Write(rollout.Temperature);
            WriteBytes(writer, Encoding.UTF8.GetBytes(rollout.TraceLine));
            writer.Write(rollout.Branches.Count);
            foreach (var branch in rollout.Branches)
            {
                WriteBytes(writer, MemoryMarshal.AsBytes(branch.TokenIds.AsSpan()));
                WriteBytes(writer, MemoryMarshal.AsBytes(branch.Mask.AsSpan()));
                WriteBytes(writer, MemoryMarshal.AsBytes(branch.LogProbabilities.AsSpan()));
                writer.Write(branch.OldestVersion);
                writer.Write(branch.NewestVersion);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else, or damaged.</exception>
    public static GroupPayload Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        if (reader.UInt32() != Magic)
        {
            throw new InvalidDataException("not a group's payload of this version");
        }

        var (prompt, attempt) = (reader.Int64(), reader.Int32());
        var rollouts = new RolloutPayload[reader.Count(LargestCount, 28)];
        for (var i = 0; i < rollouts.Length; i++)
        {
            var (rollout, reward, temperature) = (reader.Int32(), reader.Double(), reader.Single());
            var trace = Encoding.UTF8.GetString(reader.Bytes());
            var branches = new BranchPayload[reader.Count(LargestCount, 20)];
            for (var j = 0; j < branches.Length; j++)
            {
                var ids = reader.Array<int>();
                var mask = reader.Array<bool>();
                var logProbabilities = reader.Array<float>();
                if (mask.Length != ids.Length || logProbabilities.Length != ids.Length || ids.Length == 0)
                {
                    throw new InvalidDataException($"a branch of {ids.Length} tokens has {mask.Length} mask entries and {logProbabilities.Length} log-probabilities");
                }

                branches[j] = new BranchPayload(ids, mask, logProbabilities, reader.Int32(), reader.Int32());
            }

            rollouts[i] = new RolloutPayload(rollout, double.IsNaN(reward) ? null : reward, temperature, trace, branches);
        }

        return reader.IsAtEnd ? new GroupPayload(prompt, attempt, rollouts) : throw new InvalidDataException("bytes follow the payload");
    }

    /// <summary>XxHash128 over the little-endian token ids of all branches, in order: what <c>trained.jsonl</c> records. 32 hex digits.</summary>
    public string TokenHash()
    {
        var hash = new XxHash128();
        foreach (var branch in Rollouts.SelectMany(r => r.Branches))
        {
            hash.Append(MemoryMarshal.AsBytes(branch.TokenIds.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void WriteBytes(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    /// <summary>Reads little-endian values and refuses to read past the end.</summary>
    private ref struct SpanReader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

        public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

        public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

        public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

        /// <summary>A count whose elements take at least so many bytes each, so that a damaged one cannot ask for memory.</summary>
        public int Count(int largest, int bytesEach)
        {
            var count = Int32();
            return count >= 0 && count <= largest && (long)count * bytesEach <= _rest.Length ? count : throw new InvalidDataException($"a count of {count} does not fit the bytes that are left");
        }

        public ReadOnlySpan<byte> Bytes() => Take(Int32());

        public T[] Array<T>()
            where T : unmanaged
        {
            var taken = Bytes();
            return taken.Length % System.Runtime.CompilerServices.Unsafe.SizeOf<T>() == 0
                ? MemoryMarshal.Cast<byte, T>(taken).ToArray()
                : throw new InvalidDataException("an array is cut");
        }

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count < 0 || count > _rest.Length)
            {
                throw new InvalidDataException("the payload is cut");
            }

            var taken = _rest[..count];
            _rest = _rest[count..];
            return taken;
        }
    }
}

/// <summary>One rollout of a payload.</summary>
/// <param name="Rollout">Its place in the group.</param>
/// <param name="Reward">Null when it failed: it is not trained on.</param>
/// <param name="Temperature">It was sampled at.</param>
/// <param name="TraceLine">Its line of <c>traces.jsonl</c>.</param>
/// <param name="Branches">Its training sequences; none when it failed.</param>
public sealed record RolloutPayload(int Rollout, double? Reward, float Temperature, string TraceLine, IReadOnlyList<BranchPayload> Branches);

/// <summary>One branch: a training sequence. Arrays are of its tokens.</summary>
public sealed record BranchPayload(int[] TokenIds, bool[] Mask, float[] LogProbabilities, int OldestVersion, int NewestVersion);
