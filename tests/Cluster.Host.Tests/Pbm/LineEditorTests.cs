using Intellect3.Cluster.Host.Pbm;

namespace Intellect3.Cluster.Host.Tests.Pbm;

public sealed class LineEditorTests
{
    private static readonly string[] Words = ["cluster", "cluster-sharding", "run"];

    [Theory]
    [InlineData("abc", "abc|")]
    [InlineData("abc←←x", "ax|bc")]
    [InlineData("abc⇤x⇥y", "xabcy|")]
    [InlineData("abc⌫⌫", "a|")]
    [InlineData("⌫a", "a|")]
    [InlineData("abc←←⌦", "a|c")]
    [InlineData("abc⌦", "abc|")]
    [InlineData("ab←←←←x", "x|ab")]
    [InlineData("ab→→x", "abx|")]
    [InlineData("one two\u0017", "one |")]
    [InlineData("one two  \u0017", "one |")]
    [InlineData("one two←←←\u000b", "one |")]
    [InlineData("one two←←←\u0015", "|two")]
    [InlineData("abc\u0001x\u0005y", "xabcy|")]
    [InlineData("↑", "second|")]
    [InlineData("↑↑", "first|")]
    [InlineData("↑↑↑↑", "first|")]
    [InlineData("draft↑↓", "draft|")]
    [InlineData("draft↑x↑↓", "secondx|")]
    [InlineData("↓x", "x|")]
    [InlineData("r\t", "run |")]
    [InlineData("cl\t", "cluster|")]
    [InlineData("zz\t", "zz|")]
    [InlineData("help r\t", "help run |")]
    [InlineData("r x←←\t", "run |x")]
    public void Keys_make_a_line(string keys, string expected)
    {
        var editor = Editor();
        foreach (var key in keys)
        {
            Assert.Equal(Edit.Goes, editor.Take(ScriptedTerminal.Key(key)));
        }

        Assert.Equal(expected, editor.Text.Insert(editor.Cursor, "|"));
    }

    [Theory]
    [InlineData("abc\n", "Entered")]
    [InlineData("abc\u0003", "GivenUp")]
    [InlineData("\u0004", "Left")]
    [InlineData("abc\u0004", "Goes")]
    [InlineData("cluster\t", "Offers")]
    public void The_last_key_says_what_follows(string keys, string expected)
    {
        var editor = Editor();
        var last = Edit.Goes;
        foreach (var key in keys)
        {
            last = editor.Take(ScriptedTerminal.Key(key));
        }

        Assert.Equal(expected, last.ToString());
    }

    [Fact]
    public void Words_that_fit_are_offered()
    {
        var editor = Editor();
        foreach (var key in "cluster\t")
        {
            editor.Take(ScriptedTerminal.Key(key));
        }

        Assert.Equal(["cluster", "cluster-sharding"], editor.Candidates);
    }

    [Theory]
    [InlineData("abcdef", 6, 10, "abcdef", 6)]
    [InlineData("abcdefghij", 10, 4, "hij", 3)]
    [InlineData("abcdefghij", 0, 4, "abcd", 0)]
    [InlineData("abcdefghij", 5, 4, "cdef", 3)]
    public void A_long_line_is_shown_around_its_cursor(string text, int cursor, int columns, string shown, int column) =>
        Assert.Equal((shown, column), PbmShell.View(text, cursor, columns));

    private static LineEditor Editor() => new(["first", "second"], before =>
    {
        var word = before[(before.LastIndexOf(' ') + 1)..];
        return [.. Words.Where(w => w.StartsWith(word, StringComparison.Ordinal))];
    });
}
