using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Episodes;

/// <summary>One turn of the policy, as it was sampled.</summary>
/// <param name="Text">What the tokens say, as the renderer parsed them.</param>
/// <param name="TokenIds">The sampled tokens, a final stop token included. [tokens]</param>
/// <param name="LogProbabilities">Natural-log probability of each. [tokens]</param>
/// <param name="Versions">Which policy versions sampled them; the counts add up to the number of tokens.</param>
/// <param name="Truncated">True when a limit, and not a stop token, ended the turn.</param>
public sealed record PolicyTurn(
    string Text,
    IReadOnlyList<int> TokenIds,
    IReadOnlyList<float> LogProbabilities,
    IReadOnlyList<PolicySpan> Versions,
    bool Truncated);
