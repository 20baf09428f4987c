using System.Text;

namespace Intellect3.Model.Tokenization;

/// <summary>One token a character: four specials, the newline, and printable ASCII. Whatever else is <c>&lt;unk&gt;</c>.</summary>
public sealed class CharacterTokenizer : ITokenizer
{
    public const string Pad = "<pad>";
    public const string Bos = "<bos>";
    public const string Eos = "<eos>";
    public const string Unknown = "<unk>";

    private const int FirstCharacter = 5;

    /// <summary>Ids of the special tokens, by their place.</summary>
    public const int PadId = 0;
    public const int BosId = 1;
    public const int EosId = 2;
    public const int UnknownId = 3;
    public const int NewlineId = 4;

    public static IReadOnlyList<string> Specials { get; } = [Pad, Bos, Eos, Unknown];

    /// <summary>Every token in order of its id.</summary>
    public static IReadOnlyList<string> Vocabulary { get; } = [.. Specials, "\n", .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => ((char)c).ToString())];

    public int VocabularySize => Vocabulary.Count;

    public IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.EnumerateRunes().Select(rune => IdOf(rune.Value))];
    }

    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = new StringBuilder(ids.Count);
        foreach (var id in ids)
        {
            if (id >= Specials.Count || !skipSpecialTokens)
            {
                text.Append(Vocabulary[id]);
            }
        }

        return text.ToString();
    }

    public int? TokenId(string token)
    {
        var id = Specials.ToList().IndexOf(token);
        return id >= 0 ? id : token is { Length: 1 } && IdOf(token[0]) is var known and not UnknownId ? known : null;
    }

    /// <summary>Writes tokenizer.json and tokenizer_config.json into a folder.</summary>
    public void Save(string folder) => CharacterTokenizerFile.Save(folder);

    private static int IdOf(int character) => character switch
    {
        '\n' => NewlineId,
        >= ' ' and <= '~' => character - ' ' + FirstCharacter,
        _ => UnknownId,
    };
}
