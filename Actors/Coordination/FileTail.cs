using System.Text;

namespace Intellect3.Actors.Coordination;

/// <summary>The end of a file of lines that somebody appends to.</summary>
internal static class FileTail
{
    private const int MostBytes = 32 * 1024;

    /// <summary>The last whole lines: at most so many, and no more than fit into a message.</summary>
    public static IReadOnlyList<string> Read(string path, int lines)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var start = Math.Max(0, file.Length - MostBytes);
        file.Seek(start, SeekOrigin.Begin);
        var bytes = new byte[file.Length - start];
        file.ReadExactly(bytes);
        var text = Encoding.UTF8.GetString(bytes);
        var first = start == 0 ? 0 : text.IndexOf('\n', StringComparison.Ordinal) + 1;
        return [.. text[first..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines)];
    }
}
