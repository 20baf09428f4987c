using Intellect3.Model.Tokenization;

namespace Intellect3.Model.Rendering;

/// <summary>
/// Contents end to end behind an opening <c>&lt;bos&gt;</c>, without roles: for small models with a task of their own. A turn of the policy ends with
/// <c>&lt;eos&gt;</c> or a stop sequence.
/// </summary>
public sealed class PlainRenderer : IRenderer
{
    private readonly HashSet<int> _silent;

    /// <param name="tokenizer">With <c>&lt;bos&gt;</c> and <c>&lt;eos&gt;</c>.</param>
    /// <param name="stopSequences">Texts that end a turn and belong to it; each must be one token.</param>
    /// <exception cref="ArgumentException">A stop sequence is not one token, or a special token is missing.</exception>
    public PlainRenderer(ITokenizer tokenizer, IReadOnlyList<string> stopSequences)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(stopSequences);
        Tokenizer = tokenizer;
        BosTokenId = Special(tokenizer, CharacterTokenizer.Bos);
        EosTokenId = Special(tokenizer, CharacterTokenizer.Eos);
        _silent = [BosTokenId, EosTokenId, Special(tokenizer, CharacterTokenizer.Pad)];
        StopTokenIds = [EosTokenId, .. stopSequences.Select(s => tokenizer.TokenId(s) ?? throw new ArgumentException($"the stop sequence '{s}' is not one token of the model's tokenizer", nameof(stopSequences)))];
    }

    public ITokenizer Tokenizer { get; }

    public IReadOnlyList<int> StopTokenIds { get; }

    public int BosTokenId { get; }

    public int EosTokenId { get; }

    public IReadOnlyList<RenderedMessage> Render(IReadOnlyList<(string Role, string Content)> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return [.. messages.Select((m, i) => new RenderedMessage(i, i == 0 ? [BosTokenId, .. Tokenizer.Encode(m.Content)] : Tokenizer.Encode(m.Content)))];
    }

    public string ParseResponse(IReadOnlyList<int> tokenIds)
    {
        ArgumentNullException.ThrowIfNull(tokenIds);
        return Tokenizer.Decode([.. tokenIds.Where(id => !_silent.Contains(id))], skipSpecialTokens: false);
    }

    public IReadOnlyList<int> BridgeToNextTurn(IReadOnlyList<int> sampled, IReadOnlyList<(string Role, string Content)> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return [.. messages.SelectMany(m => Tokenizer.Encode(m.Content))];
    }

    private static int Special(ITokenizer tokenizer, string token) =>
        tokenizer.TokenId(token) ?? throw new ArgumentException($"the tokenizer has no {token}", nameof(tokenizer));
}
