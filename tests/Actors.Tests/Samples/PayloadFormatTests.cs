using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Intellect3.Actors.Samples;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Samples;

public sealed class PayloadFormatTests
{
    private static readonly Gen<BranchPayload> Branches =
        from tokens in Gen.Choose(0, 40)
        from ids in Gen.Choose(0, 1 << 20).ListOf(tokens)
        from mask in ArbMap.Default.GeneratorFor<bool>().ListOf(tokens)
        from logProbabilities in ArbMap.Default.GeneratorFor<float>().ListOf(tokens)
        from versions in (from lineage in Gen.Choose(0, 3)
                          from number in Gen.Choose(0, 1000)
                          from count in Gen.Choose(1, 50)
                          select new VersionRun(new PolicyVersion(lineage, number), count)).ListOf()
        select new BranchPayload([.. ids], [.. mask], [.. logProbabilities], [.. versions]);

    private static readonly Gen<RolloutPayload> Rollouts =
        from index in Gen.Choose(0, 31)
        from reward in ArbMap.Default.GeneratorFor<double?>()
        from temperature in ArbMap.Default.GeneratorFor<float>()
        from branches in Branches.ListOf()
        from trace in ArbMap.Default.GeneratorFor<byte[]>()
        select new RolloutPayload(index, reward, temperature, [.. branches], trace);

    private static readonly Gen<GroupPayload> Groups =
        from name in ArbMap.Default.GeneratorFor<NonNull<string>>()
        from attempt in Gen.Choose(0, 100)
        from rollouts in Rollouts.ListOf()
        select new GroupPayload(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(name.Get)), attempt, [.. rollouts]);

    [Property(MaxTest = 200)]
    public Property A_group_survives_the_way() => Prop.ForAll(Groups.ToArbitrary(), group =>
    {
        var bytes = PayloadFormat.Write(group);

        Assert.Equal(Show(group), Show(PayloadFormat.Read(bytes)));
    });

    [Property(MaxTest = 50)]
    public Property No_cut_and_no_extension_of_a_payload_is_one() => Prop.ForAll(Groups.ToArbitrary(), group =>
    {
        var bytes = PayloadFormat.Write(group);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidPayloadException>(() => PayloadFormat.Read(bytes.AsSpan(0, length)));
        }

        Assert.Throws<InvalidPayloadException>(() => PayloadFormat.Read([.. bytes, 0]));
    });

    [Property(MaxTest = 2000)]
    public void Random_bytes_are_refused(byte[] bytes) => Assert.Throws<InvalidPayloadException>(() => PayloadFormat.Read(bytes));

    [Property(MaxTest = 500)]
    public Property Changed_bytes_are_a_payload_or_refused() => Prop.ForAll(Groups.ToArbitrary(), ArbMap.Default.ArbFor<(uint At, byte Value)[]>(), (group, changes) =>
    {
        var bytes = PayloadFormat.Write(group);
        foreach (var (at, value) in changes)
        {
            bytes[at % (uint)bytes.Length] = value;
        }

        try
        {
            PayloadFormat.Read(bytes);
        }
        catch (InvalidPayloadException)
        {
            // The only way out that is allowed.
        }
    });

    [Fact]
    public void Another_version_is_named()
    {
        var bytes = PayloadFormat.Write(new GroupPayload("g", 0, []));
        bytes[4] = 9;

        Assert.Equal("the payload has version 9, this node reads 1", Assert.Throws<InvalidPayloadException>(() => PayloadFormat.Read(bytes)).Message);
    }

    [Fact]
    public void A_branch_whose_lists_differ_is_not_written() =>
        Assert.Throws<ArgumentException>(() => PayloadFormat.Write(new GroupPayload("g", 0, [new RolloutPayload(0, null, 1, [new BranchPayload([1], [], [0f], [])], default)])));

    private static string Show(GroupPayload group) => System.Text.Json.JsonSerializer.Serialize(
        new
        {
            group.Group,
            group.Attempt,
            Rollouts = group.Rollouts.Select(r => new
            {
                r.Rollout,
                Reward = r.Reward is { } reward ? BitConverter.DoubleToInt64Bits(reward) : (long?)null,
                Temperature = BitConverter.SingleToInt32Bits(r.Temperature),
                Branches = r.Branches.Select(b => new { b.TokenIds, b.Mask, LogProbabilities = b.LogProbabilities.Select(BitConverter.SingleToInt32Bits), b.Versions }),
                Trace = Convert.ToHexString(r.Trace.Span),
            }),
        });
}
