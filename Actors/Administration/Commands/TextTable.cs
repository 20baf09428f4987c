namespace Intellect3.Actors.Administration.Commands;

/// <summary>Rows as responses: aligned text for people under a header that is always there, an object a row for programs.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="Data">The row as programs get it.</param>
/// <param name="Columns">Headers and cells, left to right.</param>
internal sealed record TextTable<T>(Func<T, object> Data, params (string Header, Func<T, string> Cell)[] Columns)
{
    public IEnumerable<CommandResponse> Of(IReadOnlyList<T> rows)
    {
        var cells = rows.Select(row => Columns.Select(c => c.Cell(row)).ToArray()).ToList();
        var widths = Columns.Select((column, i) => cells.Select(c => c[i].Length).Append(column.Header.Length).Max()).ToArray();
        yield return new CommandResponse(Line([.. Columns.Select(c => c.Header)], widths));
        foreach (var (row, texts) in rows.Zip(cells))
        {
            yield return new CommandResponse(Line(texts, widths), Data(row));
        }
    }

    private static string Line(string[] texts, int[] widths) => string.Join("  ", texts.Select((text, i) => text.PadRight(widths[i]))).TrimEnd();
}
