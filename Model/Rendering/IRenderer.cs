using Intellect3.Model.Tokenization;

namespace Intellect3.Model.Rendering;

/// <summary>
/// Turns messages into tokens, and sampled tokens back into a message, without ever re-tokenising what was sampled. Roles are <c>system</c>,
/// <c>user</c>, <c>assistant</c>, <c>tool</c>. Thread-safe.
/// </summary>
public interface IRenderer
{
    ITokenizer Tokenizer { get; }

    /// <summary>Tokens that end a turn of the policy.</summary>
    IReadOnlyList<int> StopTokenIds { get; }

    /// <summary>Renders a conversation so that the policy speaks next; the lists of all messages, concatenated, are the prompt (an opening token belongs to the first).</summary>
    IReadOnlyList<RenderedMessage> Render(IReadOnlyList<(string Role, string Content)> messages);

    /// <summary>The text of a sampled turn: its stop token, where it is one of framing, is left out.</summary>
    string ParseResponse(IReadOnlyList<int> tokenIds);

    /// <summary>The tokens that follow a sampled turn so that the new messages are said and the policy speaks next. The tokens before are kept as they are.</summary>
    IReadOnlyList<int> BridgeToNextTurn(IReadOnlyList<int> sampled, IReadOnlyList<(string Role, string Content)> messages);
}
