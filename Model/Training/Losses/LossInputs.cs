namespace Intellect3.Model.Training.Losses;

/// <summary>One sequence as a loss sees it. Every span has the sequence's length; log-probabilities are natural.</summary>
public readonly ref struct LossInputs
{
    /// <summary>Log-probabilities under the weights being trained. [tokens]</summary>
    public required ReadOnlySpan<double> TrainerLogProbabilities { get; init; }

    /// <summary>Log-probabilities recorded at sampling; unused by cross-entropy. [tokens]</summary>
    public ReadOnlySpan<double> InferenceLogProbabilities { get; init; }

    /// <summary>[tokens]</summary>
    public ReadOnlySpan<double> Advantages { get; init; }

    /// <summary>Tokens that the loss covers. [tokens]</summary>
    public required ReadOnlySpan<bool> Mask { get; init; }

    /// <summary>Factor of each token's loss, KL term included; empty means 1. [tokens]</summary>
    public ReadOnlySpan<double> Weights { get; init; }

    internal double Weight(int token) => Weights.IsEmpty ? 1 : Weights[token];
}
