using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Intellect3.Model.Configuration;
using Intellect3.Model.Training.Packing;

namespace Intellect3.Model.Tests.Training;

/// <summary>
/// Packing is never worse than prime-rl's (fixtures/packing.json). Both layouts are measured alike, on the sequences alone: theirs is padded and filled with
/// copies that train nothing, which we do not need.
/// </summary>
public sealed class PackingFixtures
{
    private static readonly JsonElement File = Fixture.Load("packing.json");

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, File.GetProperty("cases").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Never_more_micro_batches_nor_a_worse_balance_than_theirs(int index)
    {
        var @case = File.GetProperty("cases")[index];
        var (limit, shards) = (@case.GetProperty("seq_len").GetInt32(), @case.GetProperty("workers").GetInt32());
        int[] lengths = [.. @case.GetProperty("lengths").EnumerateArray().Select(l => Math.Min(limit, l.GetInt32()))];
        var coefficients = File.GetProperty("cost_coefficients").GetProperty(@case.GetProperty("cost").GetString()!);
        var cost = new PackingCost(coefficients[0].GetInt64(), coefficients[1].GetInt64());

        var ours = Packer.Pack(lengths, limit, shards, cost);
        var theirs = @case.GetProperty("layout").EnumerateArray()
            .Select(rank => rank.EnumerateArray().Where(m => !m.GetProperty("dummy").GetBoolean()).SelectMany(m => m.GetProperty("samples").EnumerateArray()).Sum(i => cost.Of(lengths[i.GetInt32()])));

        Assert.Equal(Enumerable.Range(0, lengths.Length), ours.SelectMany(s => s).SelectMany(m => m.Sequences).Order());
        Assert.True(ours.Max(s => s.Count) <= @case.GetProperty("micro_batches_per_rank").GetInt32(), $"{ours.Max(s => s.Count)} micro-batches");
        var (load, bar) = (ours.Max(s => s.Sum(m => m.Cost)), theirs.Max());
        Assert.True(load <= bar, $"the dearest shard costs {load}, theirs {bar}: {(double)load / bar:F6} of it");
    }

    /// <summary>The dense families; the others' configs have experts, which we do not run.</summary>
    [Theory]
    [InlineData("llama_1b_shape")]
    [InlineData("qwen3_0_6b_shape")]
    [InlineData("tiny")]
    public void Cost_coefficients_are_theirs(string name)
    {
        var model = File.GetProperty("models").GetProperty(name);
        int Size(string member) => model.GetProperty(member).GetInt32();
        var cost = PackingCost.Of(new ModelConfig
        {
            ModelType = "qwen3",
            VocabularySize = Size("vocab_size"),
            HiddenSize = Size("hidden_size"),
            IntermediateSize = Size("intermediate_size"),
            Layers = Size("num_hidden_layers"),
            AttentionHeads = Size("num_attention_heads"),
            KeyValueHeads = Size("num_key_value_heads"),
            HeadDimension = Size("head_dim"),
        });
        var expected = File.GetProperty("cost_coefficients").GetProperty(name);
        Assert.Equal((expected[0].GetInt64(), expected[1].GetInt64()), (cost.Linear, cost.Quadratic));
    }

    [Property(MaxTest = 200)]
    public Property Every_sequence_once_within_the_limit_and_the_same_each_time()
    {
        var lengths = Gen.Choose(1, 70).ArrayOf().Where(l => l.Length > 0);
        return Prop.ForAll(lengths.ToArbitrary(), Gen.Choose(1, 5).ToArbitrary(), (lengths, shards) =>
        {
            const int Limit = 64;
            var packed = Packer.Pack(lengths, Limit, shards, new PackingCost(7, 3));
            var microBatches = packed.SelectMany(s => s).ToList();
            Assert.Equal(shards, packed.Count);
            Assert.Equal(Enumerable.Range(0, lengths.Length), microBatches.SelectMany(m => m.Sequences).Order());
            Assert.All(microBatches, m => Assert.True(m.Tokens <= Limit || m.Sequences.Count == 1));
            Assert.All(microBatches, m => Assert.Equal((m.Sequences.Sum(i => (long)lengths[i]), m.Sequences.Sum(i => new PackingCost(7, 3).Of(lengths[i]))), (m.Tokens, m.Cost)));
            Assert.True(packed.All(s => s.Count == packed[0].Count) || microBatches.All(m => m.Sequences.Count == 1), "shards have unlike numbers of micro-batches though one could be split");
            Assert.Equal(JsonSerializer.Serialize(packed), JsonSerializer.Serialize(Packer.Pack(lengths, Limit, shards, new PackingCost(7, 3))));
        });
    }
}
