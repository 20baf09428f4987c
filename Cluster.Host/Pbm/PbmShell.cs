namespace Intellect3.Cluster.Host.Pbm;

/// <summary>The interactive prompt: edits a line, runs it, and begins again until its user leaves. Ctrl-C ends the command that runs, not the shell.</summary>
/// <param name="terminal">Where the user is.</param>
/// <param name="prompt">What stands before the line.</param>
/// <param name="complete">Words that the last word of a line can become.</param>
internal sealed class PbmShell(ITerminal terminal, string prompt, Func<string, IReadOnlyList<string>> complete)
{
    private const string ClearToEnd = "\e[K";

    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(50);

    private readonly List<string> _history = [];
    private readonly Queue<ConsoleKeyInfo> _typedAhead = new();

    /// <param name="run">Does a line.</param>
    /// <param name="stop">Fires when the process is to end.</param>
    public async Task RunAsync(Func<string, CancellationToken, Task> run, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Read() is { } line)
        {
            if (line.Trim() is "exit" or "quit")
            {
                break;
            }

            if (line.Trim().Length > 0)
            {
                Remember(line);
                await RunUntilControlCAsync(line, run, stop);
            }
        }
    }

    /// <summary>A line and the cursor's column, when only so many columns are left for it: the part around the cursor.</summary>
    public static (string Shown, int Column) View(string text, int cursor, int columns)
    {
        var start = Math.Max(0, cursor - columns + 1);
        return (text[start..Math.Min(text.Length, start + columns)], cursor - start);
    }

    private string? Read()
    {
        var editor = new LineEditor(_history, complete);
        while (true)
        {
            var (shown, column) = View(editor.Text, editor.Cursor, Math.Max(8, terminal.Width - prompt.Length - 1));
            terminal.Write($"\r{prompt}{shown}{ClearToEnd}\r\e[{prompt.Length + column}C");
            switch (editor.Take(_typedAhead.TryDequeue(out var typed) ? typed : terminal.ReadKey()))
            {
                case Edit.Entered:
                    terminal.Write(Environment.NewLine);
                    return editor.Text;
                case Edit.GivenUp:
                    terminal.Write("^C" + Environment.NewLine);
                    return "";
                case Edit.Left:
                    terminal.Write(Environment.NewLine);
                    return null;
                case Edit.Offers:
                    terminal.Write(Environment.NewLine + string.Join("  ", editor.Candidates) + Environment.NewLine);
                    break;
            }
        }
    }

    private void Remember(string line)
    {
        if (_history is not [.., var last] || last != line)
        {
            _history.Add(line);
        }
    }

    private async Task RunUntilControlCAsync(string line, Func<string, CancellationToken, Task> run, CancellationToken stop)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = run(line, cancel.Token);
        while (await Task.WhenAny(running, Task.Delay(KeyInterval, CancellationToken.None)) != running)
        {
            while (!running.IsCompleted && terminal.HasKey)
            {
                var key = terminal.ReadKey();
                if (key is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control })
                {
                    await cancel.CancelAsync();
                }
                else
                {
                    _typedAhead.Enqueue(key);
                }
            }
        }

        await running;
    }
}
