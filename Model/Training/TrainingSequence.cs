namespace Intellect3.Model.Training;

/// <summary>One branch of a trace as the trainer sees it. All lists have the sequence's length; index t describes token t.</summary>
public sealed record TrainingSequence
{
    /// <summary>Names the sequence in records: group, attempt, rollout, branch.</summary>
    public required string Key { get; init; }

    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>True for the tokens the loss covers: sampled ones (or, in supervised training, the answer's). Never true at index 0.</summary>
    public required IReadOnlyList<bool> Mask { get; init; }

    /// <summary>Log-probabilities recorded at sampling; 0 where the mask is false, empty in supervised training.</summary>
    public IReadOnlyList<float> InferenceLogProbabilities { get; init; } = [];

    /// <summary>The advantage of every token of the sequence.</summary>
    public double Advantage { get; init; }

    /// <summary>The temperature it was sampled at; logits are divided by it before the log-softmax.</summary>
    public float Temperature { get; init; } = 1;
}
