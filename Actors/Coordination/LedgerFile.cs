using System.Text;

namespace Intellect3.Actors.Coordination;

/// <summary>
/// The journal of a run as a file of lines. Appended and flushed to the operating system before an event's effects, so it survives the death of the process;
/// a last line that the death cut is taken off when the file is opened again.
/// </summary>
/// <remarks>Used by one thread: the coordinator's own.</remarks>
public sealed class LedgerFile : IDisposable
{
    private readonly FileStream _file;
    private long _sequence;

    private LedgerFile(FileStream file, long sequence) => (_file, _sequence) = (file, sequence);

    /// <summary>Opens or creates a ledger and gives its events, in order.</summary>
    /// <exception cref="FormatException">A line is damaged; the message names it.</exception>
    public static (LedgerFile File, IReadOnlyList<RunEvent> Events) Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var (events, length) = Read(file, path);
            file.SetLength(length);
            file.Seek(0, SeekOrigin.End);
            return (new LedgerFile(file, events.Count), events);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Appends an event.</summary>
    public void Append(RunEvent @event)
    {
        _file.Write(Encoding.UTF8.GetBytes(new LedgerLine(++_sequence, @event).Write() + "\n"));
        _file.Flush();
    }

    /// <summary>Flushes to disk.</summary>
    public void Sync() => _file.Flush(flushToDisk: true);

    public void Dispose() => _file.Dispose();

    private static (List<RunEvent> Events, long Length) Read(FileStream file, string path)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        var events = new List<RunEvent>();
        foreach (var text in Encoding.UTF8.GetString(bytes.AsSpan(0, whole)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var line = Parse(path, events.Count + 1, text);
            if (line.Sequence != events.Count + 1)
            {
                throw new FormatException($"{path}, line {events.Count + 1}: sequence {line.Sequence} is out of order; bring the file back from a copy");
            }

            events.Add(line.Event);
        }

        return (events, whole);
    }

    private static LedgerLine Parse(string path, int number, string text)
    {
        try
        {
            return LedgerLine.Read(text);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{path}, line {number}: {exception.Message}", exception);
        }
    }
}
