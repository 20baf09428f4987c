using Intellect3.Actors.Administration.Commands;
using Intellect3.Cluster.Host.Pbm;

namespace Intellect3.Cluster.Host.Tests.Pbm;

public sealed class PbmWordsTests
{
    private static readonly Palette[] Palettes =
    [
        new("cluster", "Members", [new("show", "Shows."), new("leave", "Leaves.", new ArgumentDefinition("address", "whose") { Switches = ["-a", "--address"] }) { Changes = true }]),
        new("log", "Logs", [new("tail", "Follows.", new ArgumentDefinition("level", "least") { Switches = ["-l", "--level"], Suggestions = ["info", "error"] }) { Streams = true }]),
    ];

    [Theory]
    [InlineData("", "http://127.0.0.1:9110/", "")]
    [InlineData("cluster show", "http://127.0.0.1:9110/", "cluster show")]
    [InlineData("host:9000 run status", "http://host:9000/", "run status")]
    [InlineData("http://host:9000/x run", "http://host:9000/", "run")]
    [InlineData("[::1]:9110 run", "http://[::1]:9110/", "run")]
    public void An_address_is_told_from_a_palette(string words, string node, string rest)
    {
        var (found, left) = PbmWords.SplitAddress(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((node, rest), (found.ToString(), string.Join(' ', left)));
    }

    [Theory]
    [InlineData("host:abc")]
    [InlineData("ftp://host:1")]
    [InlineData(":9110")]
    public void What_is_no_address_is_named(string address) =>
        Assert.Equal($"{address} is no address of a node", Assert.Throws<CommandException>(() => PbmWords.SplitAddress([address])).Message);

    [Theory]
    [InlineData("  a  b ", "a,b")]
    [InlineData("a 'b c' \"d 'e'\"", "a,b c,d 'e'")]
    [InlineData("a '' b", "a,,b")]
    [InlineData("x=\"1 2\"", "x=1 2")]
    [InlineData("'open end", "open end")]
    [InlineData("   ", "")]
    public void A_line_is_split_into_words(string line, string words) => Assert.Equal(words, string.Join(',', PbmWords.Split(line)));

    [Theory]
    [InlineData("", "cluster,log,help,exit,quit")]
    [InlineData("c", "cluster")]
    [InlineData("cluster ", "show,leave")]
    [InlineData("cluster l", "leave")]
    [InlineData("help ", "cluster,log")]
    [InlineData("help log ", "tail")]
    [InlineData("log tail ", "--level,--json")]
    [InlineData("log tail --level ", "info,error")]
    [InlineData("log tail -l e", "error")]
    [InlineData("log tail -l info ", "--json")]
    [InlineData("nothing ", "")]
    public void The_words_that_may_follow_are_offered(string line, string expected) => Assert.Equal(expected, string.Join(',', new PbmCompletion(Palettes).Of(line)));

    [Fact]
    public void Help_is_made_from_the_palettes()
    {
        Assert.Equal(["  cluster  Members", "  log      Logs"], PbmHelp.Of(Palettes, []).Take(2));
        Assert.Equal(["cluster: Members", "  show                          Shows.", "  leave [-a|--address ADDRESS]  Leaves."], PbmHelp.Of(Palettes, ["cluster"]));
        Assert.Equal(["log tail [-l|--level LEVEL]", "  Follows.", "  -l, --level  least (info, error)", "  It runs until Ctrl-C."], PbmHelp.Of(Palettes, ["log", "tail"]));
        Assert.Equal("Did you mean 'cluster'?", Assert.Throws<CommandException>(() => PbmHelp.Of(Palettes, ["clutser"]).ToList()).Why);
    }
}
