namespace Intellect3.Model.Training.Packing;

/// <summary>Sequences that go through the network together.</summary>
/// <param name="Sequences">Indices into the batch, ascending.</param>
/// <param name="Tokens">Tokens in all.</param>
/// <param name="Cost">By the packing's <see cref="PackingCost"/>.</param>
public sealed record MicroBatch(IReadOnlyList<int> Sequences, long Tokens, long Cost);
