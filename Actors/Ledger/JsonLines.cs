using System.Text.Json;

namespace Intellect3.Actors.Ledger;

/// <summary>Reads a file of JSON lines that may still be growing.</summary>
internal static class JsonLines
{
    /// <summary>Hands every whole line with its number to <paramref name="take"/>, and what is wrong with one to <paramref name="report"/>. A last line without its end is torn and left out.</summary>
    public static void Read(string path, Action<int, JsonElement> take, Action<LedgerProblem> report)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (reader.EndOfStream && !EndsWithLineFeed(stream))
            {
                return;
            }

            try
            {
                using var document = JsonDocument.Parse(line);
                take(number, document.RootElement);
            }
            catch (Exception e) when (e is IllegalLineException or JsonException)
            {
                report(new LedgerProblem(Path.GetFileName(path), number, e is JsonException ? "the line is not JSON" : e.Message));
            }
        }
    }

    private static bool EndsWithLineFeed(FileStream stream)
    {
        stream.Seek(-1, SeekOrigin.Current);
        return stream.ReadByte() == '\n';
    }
}
