namespace Intellect3.Model.Training;

/// <summary>What one optimizer step trains on.</summary>
/// <param name="Kind">Which loss applies.</param>
/// <param name="Sequences">In the order that fixes packing and reduction, hence bits.</param>
public sealed record TrainingBatch(BatchKind Kind, IReadOnlyList<TrainingSequence> Sequences);
