using Intellect3.Model.Rendering;
using Intellect3.Model.Tokenization;

namespace Intellect3.Cluster.Host.Tests.Evaluation;

/// <summary>One token a character, its code; 0 begins a conversation and 1 ends a turn.</summary>
internal sealed class CharacterRenderer : IRenderer, ITokenizer
{
    public const int EndOfTurn = 1;

    public ITokenizer Tokenizer => this;

    public IReadOnlyList<int> StopTokenIds => [EndOfTurn];

    public int VocabularySize => 128;

    public IReadOnlyList<int> Encode(string text) => [.. text.Select(c => (int)c)];

    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true) => string.Concat(ids.Where(id => id > EndOfTurn).Select(id => (char)id));

    public int? TokenId(string token) => token is [var c] ? c : null;

    public IReadOnlyList<RenderedMessage> Render(IReadOnlyList<(string Role, string Content)> messages) =>
        [.. messages.Select((message, index) => new RenderedMessage(index, [.. index == 0 ? (int[])[0] : [], .. Encode(message.Content)]))];

    public string ParseResponse(IReadOnlyList<int> tokenIds) => Decode(tokenIds);

    public IReadOnlyList<int> BridgeToNextTurn(IReadOnlyList<int> sampled, IReadOnlyList<(string Role, string Content)> messages) => [.. messages.SelectMany(message => Encode(message.Content))];
}
