namespace Intellect3.Model.Tokenization;

/// <summary>Text to token ids and back. Thread-safe.</summary>
public interface ITokenizer
{
    int VocabularySize { get; }

    /// <summary>Ids of a text; nothing is added around it.</summary>
    IReadOnlyList<int> Encode(string text);

    /// <summary>The text of ids.</summary>
    /// <param name="ids">Token ids of this vocabulary.</param>
    /// <param name="skipSpecialTokens">Leaves special tokens out.</param>
    string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true);

    /// <summary>The id of a token's exact text, or null.</summary>
    int? TokenId(string token);
}
