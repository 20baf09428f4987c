namespace Intellect3.Model.Training.Advantages;

/// <summary>How long a rollout was.</summary>
/// <param name="OutputTokens">Sampled tokens.</param>
/// <param name="InputTokens">All others.</param>
/// <param name="Turns">Turns of the policy.</param>
public readonly record struct RolloutLength(int OutputTokens, int InputTokens, int Turns);
