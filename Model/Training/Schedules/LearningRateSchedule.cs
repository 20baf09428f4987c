namespace Intellect3.Model.Training.Schedules;

/// <summary>The learning rate of each step, as prime-rl's schedulers have it (reference: fixtures/optim.json).</summary>
/// <param name="Kind"><c>constant</c>, <c>linear</c> (warm-up, stable, decay) or <c>cosine</c>.</param>
/// <param name="Peak">The rate after warm-up.</param>
/// <param name="MaxSteps">Steps in all.</param>
/// <param name="WarmupSteps">Steps of linear warm-up.</param>
/// <param name="DecaySteps">Steps of the decay at the end (linear).</param>
/// <param name="Minimum">The rate that warm-up starts from and decay ends at.</param>
public sealed record LearningRateSchedule(string Kind, double Peak, int MaxSteps, int WarmupSteps = 0, int DecaySteps = 0, double Minimum = 0)
{
    /// <summary>Stands for a minimum of 0 at the start of warm-up, so that the first step moves.</summary>
    private const double SmallestFactor = 1e-8;

    public static IReadOnlyList<string> Kinds { get; } = ["constant", "linear", "cosine"];

    /// <summary>The rate of the step with this 0-based index.</summary>
    /// <exception cref="InvalidOperationException">The kind is unknown.</exception>
    public double At(int index)
    {
        var factor = Minimum > 0 ? Minimum / Peak : SmallestFactor;
        if (index < WarmupSteps)
        {
            return Peak * (factor + (1 - factor) * index / WarmupSteps);
        }

        return Kind switch
        {
            "constant" => Peak,
            "linear" => Linear(index, factor),
            "cosine" => Cosine(index),
            _ => throw new InvalidOperationException($"no schedule is named '{Kind}'; there are {string.Join(", ", Kinds)}"),
        };
    }

    private double Linear(int index, double factor)
    {
        var start = MaxSteps - DecaySteps;
        if (DecaySteps == 0 || index < start)
        {
            return Peak;
        }

        return DecaySteps == 1 ? Peak * factor : Peak * (1 + (factor - 1) * Math.Min(index - start, DecaySteps - 1) / (DecaySteps - 1));
    }

    private double Cosine(int index)
    {
        var progress = (double)(index - WarmupSteps) / Math.Max(1, MaxSteps - WarmupSteps);
        return Minimum + (Peak - Minimum) * (1 + Math.Cos(Math.PI * progress)) / 2;
    }
}
