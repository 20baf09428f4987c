using Intellect3.Model.Inference;

namespace Intellect3.Actors.Samples;

/// <summary>Everything that training and the record of a run need of one group's attempt: what its <see cref="Transport.ContentRef"/> refers to.</summary>
/// <param name="Group">The group.</param>
/// <param name="Attempt">The attempt at it.</param>
/// <param name="Rollouts">In order.</param>
public sealed record GroupPayload(string Group, int Attempt, IReadOnlyList<RolloutPayload> Rollouts);

/// <summary>One episode of a group.</summary>
/// <param name="Rollout">Its index in the group.</param>
/// <param name="Reward">Null when the episode failed or was not scored, which is not 0.</param>
/// <param name="Temperature">What it was sampled at.</param>
/// <param name="Branches">Root to leaf; each is one training sequence.</param>
/// <param name="Trace">The trace as JSON in UTF-8: a line of traces.jsonl.</param>
public sealed record RolloutPayload(int Rollout, double? Reward, float Temperature, IReadOnlyList<BranchPayload> Branches, ReadOnlyMemory<byte> Trace);

/// <summary>One branch of a trace. The first three lists have one entry a token.</summary>
/// <param name="TokenIds">Exactly what the engine saw and produced.</param>
/// <param name="Mask">True for the tokens that the loss covers.</param>
/// <param name="LogProbabilities">As sampled; 0 for tokens that were not.</param>
/// <param name="Versions">Which policy versions produced the sampled tokens, in order.</param>
public sealed record BranchPayload(IReadOnlyList<int> TokenIds, IReadOnlyList<bool> Mask, IReadOnlyList<float> LogProbabilities, IReadOnlyList<VersionRun> Versions);
