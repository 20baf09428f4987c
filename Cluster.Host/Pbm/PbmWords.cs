using System.Text;

namespace Intellect3.Cluster.Host.Pbm;

/// <summary>The words of a call: whom to ask, and what. Pure.</summary>
internal static class PbmWords
{
    public const string DefaultNode = "127.0.0.1:9110";

    /// <summary>Takes the node's address off the words when they begin with one: a word with a colon.</summary>
    /// <exception cref="CommandException">It looks like an address and is none.</exception>
    public static (Uri Node, IReadOnlyList<string> Words) SplitAddress(IReadOnlyList<string> words)
    {
        var isGiven = words is [var first, ..] && first.Contains(':', StringComparison.Ordinal);
        var address = isGiven ? words[0] : DefaultNode;
        var url = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return Uri.TryCreate(url, UriKind.Absolute, out var node) && node.Scheme == Uri.UriSchemeHttp && node.Host.Length > 0
            ? (new Uri(node.GetLeftPart(UriPartial.Authority)), [.. words.Skip(isGiven ? 1 : 0)])
            : throw new CommandException($"{address} is no address of a node", "An address is HOST:PORT, where the port is the node's HTTP port.", $"For example: intellect3 pbm {DefaultNode} cluster show");
    }

    /// <summary>Splits a typed line at spaces; quotes, single or double, keep them.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        foreach (var character in line)
        {
            if (quote != '\0' ? character == quote : character is '"' or '\'')
            {
                (quote, isWord) = (quote == '\0' ? character : '\0', true);
            }
            else if (quote == '\0' && char.IsWhiteSpace(character))
            {
                EndWord();
            }
            else
            {
                word.Append(character);
                isWord = true;
            }
        }

        EndWord();
        return words;

        void EndWord()
        {
            if (isWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            isWord = false;
        }
    }
}
