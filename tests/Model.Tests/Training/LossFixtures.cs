using System.Text.Json;
using Intellect3.Model.Training.Losses;

namespace Intellect3.Model.Tests.Training;

/// <summary>Losses, gradients and metrics as prime-rl computes them (fixtures/losses.json; 1e-9 in double).</summary>
public sealed class LossFixtures
{
    private const double Tolerance = 1e-9;

    private static readonly JsonElement File = Fixture.Load("losses.json");

    public static TheoryData<string> Configs() => [.. File.GetProperty("configs").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Configs))]
    public void Every_case_agrees(string config)
    {
        var loss = Create(config);
        foreach (var @case in File.GetProperty("cases").EnumerateArray())
        {
            if (@case.GetProperty("results").TryGetProperty(config, out var expected))
            {
                var name = $"{config}, {@case.GetProperty("name").GetString()}";
                var (value, gradient, metrics) = Evaluate(loss, @case.GetProperty("inputs"));
                Fixture.Close(expected.GetProperty("loss").GetDouble(), value, Tolerance, name);
                AssertClose(expected.Doubles("grad"), gradient, name);
                AssertMetrics(expected.GetProperty("metrics"), metrics, name);
            }
        }
    }

    [Fact]
    public void Packed_batches_are_normalised_over_all_their_sequences()
    {
        var cases = File.GetProperty("packed").EnumerateArray().Where(c => c.IsNull("ce_weights")).ToList();
        Assert.NotEmpty(cases);
        foreach (var @case in cases)
        {
            var loss = new DppoKlLoss();
            var scale = @case.GetProperty("rl_scale").GetDouble();
            var (total, sequence) = (0.0, 0);
            foreach (var inputs in @case.GetProperty("sequences").EnumerateArray())
            {
                var weights = @case.IsNull("rl_weights") ? [] : @case.GetProperty("rl_weights")[sequence].Doubles();
                var (value, gradient, _) = Evaluate(loss, inputs, weights);
                total += value / scale;
                AssertClose(@case.GetProperty("grads")[sequence].Doubles(), [.. gradient.Select(g => g / scale)], @case.GetProperty("name").GetString()!);
                sequence++;
            }

            Fixture.Close(@case.GetProperty("loss").GetDouble(), total, Tolerance, @case.GetProperty("name").GetString()!);
        }
    }

    [Fact]
    public void Packed_batches_of_the_November_loss_agree()
    {
        foreach (var @case in File.GetProperty("packed_nov").EnumerateArray())
        {
            var loss = new IcePopLoss(IcePop(@case.GetProperty("config")));
            var scale = @case.GetProperty("loss_scale").GetDouble();
            var (total, sequence) = (0.0, 0);
            foreach (var inputs in @case.GetProperty("sequences").EnumerateArray())
            {
                var (value, gradient, _) = Evaluate(loss, inputs);
                total += value / scale;
                AssertClose(@case.GetProperty("grads")[sequence++].Doubles(), [.. gradient.Select(g => g / scale)], @case.GetProperty("name").GetString()!);
            }

            Fixture.Close(@case.GetProperty("loss").GetDouble(), total, Tolerance, @case.GetProperty("name").GetString()!);
        }
    }

    private static IPolicyLoss Create(string name)
    {
        var config = File.GetProperty("configs").GetProperty(name);
        return name == "ce" ? new CrossEntropyLoss()
            : name.StartsWith("nov_", StringComparison.Ordinal) ? new IcePopLoss(IcePop(config))
            : new DppoKlLoss(config.GetProperty("dppo_mask_low").GetDouble(), config.GetProperty("dppo_mask_high").GetDouble(), config.GetProperty("adv_tau").GetDouble(), config.GetProperty("kl_tau").GetDouble());
    }

    private static IcePopOptions IcePop(JsonElement config) => new()
    {
        MaskRatioLow = config.GetProperty("mask_ratio_low").GetDouble(),
        MaskRatioHigh = config.GetProperty("mask_ratio_high").GetDouble(),
        SequenceMaskRatioLow = config.GetProperty("sequence_mask_ratio_low").GetDouble(),
        KlTau = config.GetProperty("kl_tau").GetDouble(),
        KlMask = Enum.Parse<IcePopKlMask>(config.GetProperty("kl_mask_type").GetString()!, ignoreCase: true),
        PerSequence = config.GetProperty("ratio_type").GetString() == "sequence",
    };

    private static (double Loss, double[] Gradient, Dictionary<string, double> Metrics) Evaluate(IPolicyLoss loss, JsonElement inputs, double[]? weights = null)
    {
        var gradient = new double[inputs.GetProperty("trainer_logprobs").GetArrayLength()];
        var metrics = new Dictionary<string, double>();
        weights ??= inputs.IsNull("loss_weights") ? [] : inputs.Doubles("loss_weights");
        var mask = inputs.Flags("loss_mask");
        var value = loss.Evaluate(
            new LossInputs
            {
                TrainerLogProbabilities = inputs.Doubles("trainer_logprobs"),
                InferenceLogProbabilities = inputs.Doubles("inference_logprobs"),
                Advantages = inputs.Doubles("advantages"),
                Mask = mask,
                Weights = weights,
            },
            gradient,
            metrics);
        return (value, gradient, metrics);
    }

    private static void AssertClose(double[] expected, double[] actual, string name)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var t = 0; t < expected.Length; t++)
        {
            Fixture.Close(expected[t], actual[t], Tolerance, $"{name}, gradient {t}");
        }
    }

    private static void AssertMetrics(JsonElement expected, Dictionary<string, double> actual, string name)
    {
        foreach (var metric in expected.EnumerateObject())
        {
            var values = metric.Value.ValueKind == JsonValueKind.Array ? metric.Value.Doubles() : [metric.Value.GetDouble()];
            Fixture.Close(values.Length == 0 ? 0 : values.Average(), actual[metric.Name], Tolerance, $"{name}, {metric.Name}");
        }
    }
}
