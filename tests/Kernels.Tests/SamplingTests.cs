using System.Text.Json;
using Intellect3.Kernels.Sampling;

namespace Intellect3.Kernels.Tests;

public sealed class SamplingTests
{
    /// <summary>The known answers of the Random123 distribution.</summary>
    [Theory]
    [InlineData(0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    public void Philox_gives_the_published_words(uint counter, uint key, uint x, uint y, uint z, uint w) =>
        Assert.Equal((x, y, z, w), Philox.Generate((counter, counter, counter, counter), (key, key)));

    [Fact]
    public void Every_part_of_the_key_matters_and_nothing_else()
    {
        var one = Philox.Uniform(1, 2, 3, 4);
        Assert.Equal(one, Philox.Uniform(1, 2, 3, 4));
        Assert.Equal(5, new[] { one, Philox.Uniform(2, 2, 3, 4), Philox.Uniform(1, 3, 3, 4), Philox.Uniform(1, 2, 4, 4), Philox.Uniform(1, 2, 3, 5) }.Distinct().Count());
    }

    /// <summary>
    /// transformers' processors in the order of generate(). Theirs penalise in double; ours leaves float32 logits, so those cases have the fixture's
    /// tolerance for float32.
    /// </summary>
    [Fact]
    public void Distributions_agree_with_transformers()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "sampling.json"));
        using var document = JsonDocument.Parse(stream);
        var checkedCases = 0;
        foreach (var @case in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            var settings = @case.GetProperty("settings");
            double Setting(string name, double otherwise) => settings.TryGetProperty(name, out var value) ? value.GetDouble() : otherwise;
            var penalty = Setting("repetition_penalty", 1);
            var tolerance = penalty == 1 ? 1e-9 : 1e-5;
            var logits = @case.GetProperty("logits").EnumerateArray().Select(x => (float)x.GetDouble()).ToArray();
            var expected = @case.GetProperty("probabilities").EnumerateArray().Select(x => x.GetDouble()).ToArray();
            var actual = new double[logits.Length];
            var sampler = new TokenSampler(logits.Length);
            sampler.Penalize(logits, @case.GetProperty("previous_ids").EnumerateArray().Select(x => x.GetInt32()).ToArray(), penalty);
            sampler.Probabilities(logits, Setting("temperature", 1), (int)Setting("top_k", 0), Setting("top_p", 1), Setting("min_p", 0), actual);
            var name = $"{@case.GetProperty("name").GetString()} {settings}";
            Assert.True(@case.GetProperty("kept").EnumerateArray().Select(x => x.GetInt32()).SequenceEqual(Enumerable.Range(0, actual.Length).Where(i => actual[i] > 0)), name);
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{name}: token {i}: {expected[i]} and {actual[i]}");
            }

            checkedCases++;
        }

        Assert.Equal(95, checkedCases);
    }

    [Fact]
    public void Draws_follow_the_distribution_and_log_probabilities_are_of_the_scaled_one()
    {
        float[] logits = [0, 1, 2, -1];
        var sampler = new TokenSampler(4);
        var probabilities = new double[4];
        sampler.Probabilities(logits, 2, 0, 1, 0, probabilities);
        var counts = new int[4];
        for (var i = 0; i < 20_000; i++)
        {
            var (token, logProbability) = sampler.Sample(logits, 2, 0, 1, 0, Philox.Uniform(9, 0, 0, i));
            counts[token]++;
            Assert.Equal(Math.Log(probabilities[token]), logProbability, 1e-6);
        }

        for (var token = 0; token < 4; token++)
        {
            Assert.Equal(probabilities[token], counts[token] / 20_000.0, 0.015);
        }
    }

    [Fact]
    public void A_truncated_draw_still_reports_the_untruncated_probability()
    {
        float[] logits = [0, 1, 2, -1];
        var (token, logProbability) = new TokenSampler(4).Sample(logits, 1, 1, 1, 0, 0.99);
        Assert.Equal(2, token);
        Assert.Equal(2 - Math.Log(logits.Sum(x => Math.Exp(x))), logProbability, 1e-6);
    }

    [Fact]
    public void Sampling_allocates_nothing()
    {
        var (sampler, logits) = (new TokenSampler(300), Draws.Floats(1, 300, 5));
        sampler.Sample(logits, 0.8, 40, 0.9, 0.05, 0.5);
        var before = GC.GetAllocatedBytesForCurrentThread();
        sampler.Sample(logits, 0.8, 40, 0.9, 0.05, 0.5);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Greedy_takes_the_lowest_id_of_equals_with_its_unscaled_probability()
    {
        float[] logits = [0, 3, 3, 1];
        var (token, logProbability) = new TokenSampler(4).Sample(logits, 0, 0, 1, 0, 0);
        Assert.Equal(1, token);
        Assert.Equal(3 - Math.Log(logits.Sum(x => Math.Exp(x))), logProbability, 1e-6);
    }
}
