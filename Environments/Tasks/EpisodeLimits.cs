namespace Intellect3.Environments.Tasks;

/// <summary>What bounds an episode.</summary>
/// <param name="MaxTurns">Turns of the policy, at least 1.</param>
/// <param name="MaxTokens">Sampled tokens over the whole episode, at least 1.</param>
/// <param name="StopSequences">Texts that end a turn beside the end-of-sequence token; each must be one token of the model's tokenizer.</param>
public sealed record EpisodeLimits(int MaxTurns, int MaxTokens, IReadOnlyList<string> StopSequences)
{
    public static EpisodeLimits SingleTurn { get; } = new(1, 256, []);
}
