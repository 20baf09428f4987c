namespace Intellect3.Cluster.Host.Pbm;

/// <summary>The state of a line that is being edited: text, cursor, place in the history. Takes keys; draws nothing.</summary>
/// <param name="history">Lines entered before, oldest first.</param>
/// <param name="complete">Words that the last word before the cursor can become.</param>
internal sealed class LineEditor(IReadOnlyList<string> history, Func<string, IReadOnlyList<string>> complete)
{
    private readonly List<string> _lines = [.. history, ""];
    private int _line = history.Count;

    public string Text { get; private set; } = "";

    /// <summary>Characters before the cursor.</summary>
    public int Cursor { get; private set; }

    /// <summary>After <see cref="Edit.Offers"/>: the words that fit.</summary>
    public IReadOnlyList<string> Candidates { get; private set; } = [];

    public Edit Take(ConsoleKeyInfo key) => (key.Key, key.Modifiers.HasFlag(ConsoleModifiers.Control)) switch
    {
        (ConsoleKey.Enter, _) => Edit.Entered,
        (ConsoleKey.C, true) => Edit.GivenUp,
        (ConsoleKey.D, true) when Text.Length == 0 => Edit.Left,
        (ConsoleKey.D, true) or (ConsoleKey.Delete, _) => Set(Text[..Cursor] + Text[Math.Min(Cursor + 1, Text.Length)..], Cursor),
        (ConsoleKey.Backspace, _) or (ConsoleKey.H, true) => Cursor == 0 ? Edit.Goes : Set(Text[..(Cursor - 1)] + Text[Cursor..], Cursor - 1),
        (ConsoleKey.LeftArrow, _) or (ConsoleKey.B, true) => Set(Text, Cursor - 1),
        (ConsoleKey.RightArrow, _) or (ConsoleKey.F, true) => Set(Text, Cursor + 1),
        (ConsoleKey.Home, _) or (ConsoleKey.A, true) => Set(Text, 0),
        (ConsoleKey.End, _) or (ConsoleKey.E, true) => Set(Text, Text.Length),
        (ConsoleKey.K, true) => Set(Text[..Cursor], Cursor),
        (ConsoleKey.U, true) => Set(Text[Cursor..], 0),
        (ConsoleKey.W, true) => EraseWord(),
        (ConsoleKey.UpArrow, _) or (ConsoleKey.P, true) => Recall(_line - 1),
        (ConsoleKey.DownArrow, _) or (ConsoleKey.N, true) => Recall(_line + 1),
        (ConsoleKey.Tab, _) => Complete(),
        _ when !char.IsControl(key.KeyChar) => Set(Text[..Cursor] + key.KeyChar + Text[Cursor..], Cursor + 1),
        _ => Edit.Goes,
    };

    private Edit Set(string text, int cursor)
    {
        (Text, Cursor) = (text, Math.Clamp(cursor, 0, text.Length));
        return Edit.Goes;
    }

    private Edit EraseWord()
    {
        var start = Text[..Cursor].TrimEnd().LastIndexOf(' ') + 1;
        return Set(Text[..start] + Text[Cursor..], start);
    }

    private Edit Recall(int line)
    {
        if (line >= 0 && line < _lines.Count)
        {
            // What was typed is kept while the user looks at older lines.
            _lines[_line] = Text;
            _line = line;
            Set(_lines[line], _lines[line].Length);
        }

        return Edit.Goes;
    }

    private Edit Complete()
    {
        var before = Text[..Cursor];
        Candidates = complete(before);
        if (Candidates.Count == 0)
        {
            return Edit.Goes;
        }

        var start = before.LastIndexOf(' ') + 1;
        var common = Candidates.Aggregate(CommonStart) + (Candidates.Count == 1 ? " " : "");
        if (common.Length > before.Length - start)
        {
            return Set(before[..start] + common + Text[Cursor..].TrimStart(), start + common.Length);
        }

        return Candidates.Count > 1 ? Edit.Offers : Edit.Goes;
    }

    private static string CommonStart(string left, string right) => left[..left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count()];
}
