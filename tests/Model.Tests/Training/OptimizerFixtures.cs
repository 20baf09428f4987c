using System.Text.Json;
using Intellect3.Model.Training.Optimizers;

namespace Intellect3.Model.Tests.Training;

/// <summary>AdamW and clipping as torch computes them (fixtures/optim.json; 1e-6 in float32).</summary>
public sealed class OptimizerFixtures
{
    private static readonly JsonElement File = Fixture.Load("optim.json");

    [Fact]
    public void AdamW_agrees_step_by_step()
    {
        foreach (var @case in File.GetProperty("cases").EnumerateArray())
        {
            var arguments = @case.GetProperty("args");
            var betas = arguments.Doubles("betas");
            var options = new AdamWOptions(betas[0], betas[1], arguments.GetProperty("eps").GetDouble(), arguments.GetProperty("weight_decay").GetDouble());
            float[] parameters = Floats(@case.GetProperty("params")[0]), first = new float[parameters.Length], second = new float[parameters.Length];
            for (var step = 0; step < @case.GetProperty("grads").GetArrayLength(); step++)
            {
                var rates = arguments.GetProperty("lr");
                var rate = rates.ValueKind == JsonValueKind.Array ? rates[step].GetDouble() : rates.GetDouble();
                var (newParameters, newFirst, newSecond) = (new float[parameters.Length], new float[parameters.Length], new float[parameters.Length]);
                AdamW.Update(options, rate, step + 1, 1, Floats(@case.GetProperty("grads")[step]), new AdamWBuffers(parameters, first, second), new AdamWBuffers(newParameters, newFirst, newSecond));
                (parameters, first, second) = (newParameters, newFirst, newSecond);
                var expected = @case.GetProperty("params")[step + 1].Doubles();
                for (var i = 0; i < expected.Length; i++)
                {
                    Fixture.Close(expected[i], parameters[i], 1e-6, $"{@case.GetProperty("name").GetString()}, step {step}, element {i}");
                }
            }
        }
    }

    [Fact]
    public void Slices_give_the_bits_of_the_whole()
    {
        var random = new Random(5);
        float[] Draw() => [.. Enumerable.Range(0, 1003).Select(_ => random.NextSingle())];
        var (gradient, parameters, first, second) = (Draw(), Draw(), Draw(), Draw());
        var options = new AdamWOptions(0.9, 0.95, 1e-8, 0.01);
        var (whole, parts) = (new float[1003], new float[1003]);
        AdamW.Update(options, 1e-3, 7, 0.5f, gradient, new AdamWBuffers(parameters, first, second), new AdamWBuffers(whole, new float[1003], new float[1003]));
        for (var shard = 0; shard < 3; shard++)
        {
            var (start, length) = GradientNorm.Slice(1003, 3, shard);
            AdamW.Update(
                options, 1e-3, 7, 0.5f, gradient.AsSpan(start, length),
                new AdamWBuffers(parameters.AsSpan(start, length), first.AsSpan(start, length), second.AsSpan(start, length)),
                new AdamWBuffers(parts.AsSpan(start, length), new float[length], new float[length]));
        }

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Clipping_agrees()
    {
        foreach (var @case in File.GetProperty("clip").EnumerateArray())
        {
            var sums = @case.GetProperty("grads").EnumerateArray().Select(g => GradientNorm.SumOfSquares(Floats(g))).ToArray();
            var norm = GradientNorm.FromSlices(sums);
            Fixture.Close(@case.GetProperty("total_norm").GetDouble(), norm, 1e-6, "norm");
            var factor = GradientNorm.ClipFactor(norm, @case.GetProperty("max_norm").GetDouble());
            Fixture.Close(@case.GetProperty("clipped")[0][0].GetDouble(), @case.GetProperty("grads")[0][0].GetDouble() * factor, 1e-6, "clipped");
        }
    }

    private static float[] Floats(JsonElement array) => [.. array.Doubles().Select(x => (float)x)];
}
