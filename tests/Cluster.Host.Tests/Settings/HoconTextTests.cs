using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Tests.Settings;

public sealed class HoconTextTests
{
    [Theory]
    [InlineData("a {\n  b = 1\n", 1, "never closed")]
    [InlineData("a { b { c = 1 }\nd = 2", 1, "never closed")]
    [InlineData("a = 1\n}\nb = 2", 2, "closes nothing")]
    [InlineData("{ a = 1 }\n}", 2, "Nothing may follow")]
    [InlineData("a = 1\nb = \"x\nc = 2", 2, "quote opened on this line")]
    [InlineData("\"a = 1", 1, "quote that opens this key")]
    [InlineData("a = \"\"\"x\ny", 1, "triple quote")]
    [InlineData("a = 1\nb\nc = 2", 2, "'b' has no value. Write b = VALUE.")]
    [InlineData("a = 1\nb =\nc = 2", 2, "'b' has no value")]
    [InlineData("a = 1 b = 2", 1, "holds a '='")]
    [InlineData("a { b = 1 } c = 2", 1, "Something follows")]
    [InlineData("= 3", 1, "A key was expected, but '=' stands here")]
    [InlineData("a. = 3", 1, "A key was expected")]
    [InlineData("a += 3", 1, "'a' has no value")]
    [InlineData("a = [1, 2]", 1, "given a list")]
    [InlineData("# x\n\ninclude \"parity\"", 3, "recipe = parity")]
    [InlineData("a = 1\nb = ${nowhere}", 2, "Unresolved substitution")]
    [InlineData("b = ${nowhere", 1, "never closed")]
    public void Broken_text_is_refused_with_its_line(string text, int line, string message)
    {
        var error = Assert.Throws<HoconSyntaxException>(() => HoconText.Read(text));
        Assert.Equal(line, error.Line);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_come_with_their_lines()
    {
        const string text =
            """
            # comment
            a.b = 10s  // another
            c {
              d = 1.5e-3, e : two words   # third

              f = "quoted # with \"quotes\" \\ and = signs"
              "g-1" { h = on }
            }
            c.d = 2
            i = ${a.b}
            """;
        Assert.Equal(
            [
                ("a.b", "10s", 2), ("c.e", "two words", 4), ("c.f", "quoted # with \"quotes\" \\ and = signs", 6),
                ("c.g-1.h", "on", 7), ("c.d", "2", 9), ("i", "10s", 10),
            ],
            HoconText.Read(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n\n // here")]
    public void A_text_without_settings_is_empty(string text) => Assert.Empty(HoconText.Read(text));

    [Theory]
    [InlineData("plain")]
    [InlineData("C:\\models\\new \"one\"")]
    [InlineData("/a//b # c = {d} ${e}\t.")]
    [InlineData("żółw 🐢")]
    public void Quoted_text_is_read_back(string text) => Assert.Equal(text, Assert.Single(HoconText.Read($"a = {HoconText.Quote(text)}")).Text);
}
