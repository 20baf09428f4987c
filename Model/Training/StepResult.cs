namespace Intellect3.Model.Training;

/// <summary>What a computed, not yet committed, step measured.</summary>
/// <param name="Loss">The total loss, globally normalised.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="LearningRate">The rate that was applied.</param>
/// <param name="Tokens">Tokens in the loss.</param>
/// <param name="Metrics">Means over the step by prime-rl's names: <c>entropy/all</c>, <c>mismatch_kl/all</c>, <c>is_masked</c> ...</param>
/// <param name="Maxima">The largest value of a metric over the step's sequences, by the same names.</param>
public sealed record StepResult(double Loss, double GradientNorm, double LearningRate, long Tokens, IReadOnlyDictionary<string, double> Metrics, IReadOnlyDictionary<string, double> Maxima);
