using System.Text.Json.Serialization;
using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Traces;

/// <summary>
/// One message of a trace with the tokens it adds. The concatenation of <see cref="TokenIds"/> from the root to a leaf is exactly what the engine saw
/// and produced; nothing is ever re-tokenised.
/// </summary>
public sealed record MessageNode
{
    /// <summary>Index of the node before this one in <see cref="Trace.Nodes"/>, or -1 at the root.</summary>
    public required int Parent { get; init; }

    public required Message Message { get; init; }

    /// <summary>True when the policy produced these tokens.</summary>
    public required bool Sampled { get; init; }

    /// <summary>The tokens that this message adds to its parent's. [tokens]</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>True for the tokens that training may credit; empty for messages that were not sampled. [tokens]</summary>
    public IReadOnlyList<bool> Mask { get; init; } = [];

    /// <summary>Natural-log probability of each sampled token under the temperature-scaled, untruncated distribution; empty for other messages. [tokens]</summary>
    [JsonPropertyName("logprobs")]
    public IReadOnlyList<float> LogProbabilities { get; init; } = [];

    /// <summary>Which policy versions produced the tokens, in order; their counts add up to the number of tokens.</summary>
    public IReadOnlyList<PolicySpan> Versions { get; init; } = [];
}
