using System.Runtime.InteropServices;
using System.Text;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Samples;

/// <summary>
/// The binary form of a <see cref="GroupPayload"/>, little-endian: the magic number <c>I3SP</c>, the version, then each member in order; a list has its
/// count before it, token ids and log-probabilities are raw arrays, a mask is packed into bits.
/// </summary>
public static class PayloadFormat
{
    /// <summary>Raised with every change of the layout.</summary>
    public const int Version = 1;

    private const uint Magic = 0x5053_3349;

    /// <exception cref="ArgumentException">A branch's lists differ in length.</exception>
    public static byte[] Write(GroupPayload group)
    {
        ArgumentNullException.ThrowIfNull(group);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Magic);
        writer.Write(Version);
        WriteBytes(writer, Encoding.UTF8.GetBytes(group.Group));
        writer.Write(group.Attempt);
        writer.Write(group.Rollouts.Count);
        foreach (var rollout in group.Rollouts)
        {
            writer.Write(rollout.Rollout);
            writer.Write(rollout.Reward.HasValue);
            writer.Write(rollout.Reward ?? 0);
            writer.Write(rollout.Temperature);
            WriteBytes(writer, rollout.Trace.Span);
            writer.Write(rollout.Branches.Count);
            foreach (var branch in rollout.Branches)
            {
                WriteBranch(writer, branch);
            }
        }

        return stream.ToArray();
    }

    /// <exception cref="InvalidPayloadException">The bytes are no payload of this version, are cut short, or go on after their end.</exception>
    public static GroupPayload Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new PayloadReader(bytes);
        if (reader.Read<uint>() != Magic)
        {
            throw new InvalidPayloadException("the bytes are no payload");
        }

        if (reader.Read<int>() is var version && version != Version)
        {
            throw new InvalidPayloadException($"the payload has version {version}, this node reads {Version}");
        }

        var group = new GroupPayload(reader.ReadText(), reader.Read<int>(), ReadRollouts(ref reader));
        return reader.IsAtEnd ? group : throw new InvalidPayloadException("bytes follow the payload");
    }

    private static void WriteBytes(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteBranch(BinaryWriter writer, BranchPayload branch)
    {
        var tokens = branch.TokenIds.Count;
        if (branch.Mask.Count != tokens || branch.LogProbabilities.Count != tokens)
        {
            throw new ArgumentException($"a branch of {tokens} tokens has {branch.Mask.Count} mask entries and {branch.LogProbabilities.Count} log-probabilities", nameof(branch));
        }

        writer.Write(tokens);
        writer.Write(MemoryMarshal.AsBytes<int>([.. branch.TokenIds]));
        writer.Write(MemoryMarshal.AsBytes<float>([.. branch.LogProbabilities]));
        var bits = new byte[(tokens + 7) / 8];
        for (var i = 0; i < tokens; i++)
        {
            bits[i / 8] |= (byte)(branch.Mask[i] ? 1 << (i % 8) : 0);
        }

        writer.Write(bits);
        writer.Write(branch.Versions.Count);
        foreach (var run in branch.Versions)
        {
            writer.Write(run.Version.Lineage);
            writer.Write(run.Version.Number);
            writer.Write(run.Count);
        }
    }

    private static RolloutPayload[] ReadRollouts(ref PayloadReader reader)
    {
        var rollouts = new RolloutPayload[reader.ReadCount(elementBytes: 25)];
        for (var i = 0; i < rollouts.Length; i++)
        {
            var index = reader.Read<int>();
            var scored = reader.ReadFlag();
            var reward = reader.Read<double>();
            var temperature = reader.Read<float>();
            var trace = reader.ReadArray<byte>(reader.ReadCount(sizeof(byte)));
            var branches = new BranchPayload[reader.ReadCount(elementBytes: 8)];
            for (var b = 0; b < branches.Length; b++)
            {
                branches[b] = ReadBranch(ref reader);
            }

            rollouts[i] = new RolloutPayload(index, scored ? reward : null, temperature, branches, trace);
        }

        return rollouts;
    }

    private static BranchPayload ReadBranch(ref PayloadReader reader)
    {
        var tokens = reader.ReadCount(sizeof(int) + sizeof(float));
        var ids = reader.ReadArray<int>(tokens);
        var logProbabilities = reader.ReadArray<float>(tokens);
        var bits = reader.ReadArray<byte>((tokens + 7) / 8);
        var mask = new bool[tokens];
        for (var i = 0; i < tokens; i++)
        {
            mask[i] = (bits[i / 8] >> (i % 8) & 1) != 0;
        }

        var versions = new VersionRun[reader.ReadCount(3 * sizeof(int))];
        for (var i = 0; i < versions.Length; i++)
        {
            versions[i] = new VersionRun(new PolicyVersion(reader.Read<int>(), reader.Read<int>()), reader.Read<int>());
        }

        return new BranchPayload(ids, mask, logProbabilities, versions);
    }
}
