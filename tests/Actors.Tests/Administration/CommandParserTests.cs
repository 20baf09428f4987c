using Intellect3.Actors.Administration.Commands;

namespace Intellect3.Actors.Tests.Administration;

public sealed class CommandParserTests
{
    private static readonly CommandDefinition Sample = new(
        "sample",
        "A command.",
        new ArgumentDefinition("name", "a name") { IsMandatory = true },
        new ArgumentDefinition("depth", "levels") { Switches = ["-d", "--depth"], Kind = ArgumentKind.Count },
        new ArgumentDefinition("weight", "a share") { Switches = ["-w", "--weight"], Kind = ArgumentKind.Number },
        new ArgumentDefinition("limit", "a time") { Switches = ["--limit"], Kind = ArgumentKind.Duration },
        new ArgumentDefinition("force", "without asking") { Switches = ["--force"], Kind = ArgumentKind.Flag },
        new ArgumentDefinition("tag", "a tag") { Switches = ["-t"], AllowMultiple = true });

    private static readonly Palette[] Palettes = [new("sample", "Samples", [Sample, new("show", "Shows.")]), new("cluster", "Members", [])];

    [Theory]
    [InlineData("clock", "clock", 1, 0.5, 60, false, "", false)]
    [InlineData("-d 7 clock --weight=0.25", "clock", 7, 0.25, 60, false, "", false)]
    [InlineData("clock --depth 2 --limit 1.5m -t a -t b --json", "clock", 2, 0.5, 90, false, "a,b", true)]
    [InlineData("--force clock --limit 500ms -w 0", "clock", 1, 0, 0.5, true, "", false)]
    [InlineData("-1", "-1", 1, 0.5, 60, false, "", false)]
    public void What_is_right_is_read(string line, string name, int depth, double weight, double limit, bool force, string tags, bool json)
    {
        var call = CommandParser.Parse(Sample, line.Split(' '));

        Assert.Equal(name, call.Text("name"));
        Assert.Equal(depth, call.Count("depth", 1));
        Assert.Equal(weight, call.Number("weight", 0.5));
        Assert.Equal(TimeSpan.FromSeconds(limit), call.Duration("limit", TimeSpan.FromSeconds(60)));
        Assert.Equal(force, call.Has("force"));
        Assert.Equal(tags, string.Join(',', call.All("tag")));
        Assert.Equal(json, call.Json);
    }

    [Theory]
    [InlineData("", "'sample' needs NAME: a name")]
    [InlineData("a b", "'sample' does not take 'b'")]
    [InlineData("a --dept 3", "unknown switch '--dept' of 'sample'", "Did you mean '--depth'?")]
    [InlineData("a --xyzzy", "unknown switch '--xyzzy' of 'sample'", "Known: -d, --depth, -w, --weight, --limit, --force, -t, --json.")]
    [InlineData("a -d", "-d needs a value: levels")]
    [InlineData("a -d --force", "-d needs a value: levels")]
    [InlineData("a -d --json", "-d needs a value: levels")]
    [InlineData("a -d 0", "-d 0 is not valid: it is a whole number from 1")]
    [InlineData("a -d two", "-d two is not valid: it is a whole number from 1")]
    [InlineData("a -w -1", "-w -1 is not valid: it is a number of 0 or more")]
    [InlineData("a -w NaN", "-w NaN is not valid: it is a number of 0 or more")]
    [InlineData("a --limit 5", "--limit 5 is not valid: it is a number and a unit, as 500ms, 30s, 5m or 2h")]
    [InlineData("a --limit 0s", "--limit 0s is not valid: it is a number and a unit, as 500ms, 30s, 5m or 2h")]
    [InlineData("a -d 1 -d 2", "-d is given twice")]
    [InlineData("a --force=yes", "--force takes no value")]
    public void What_is_wrong_is_named(string line, string what, string? why = null)
    {
        var wrong = Assert.Throws<CommandSyntaxException>(() => CommandParser.Parse(Sample, line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal(what, wrong.Message);
        Assert.Equal("Usage: sample NAME [-d|--depth DEPTH] [-w|--weight WEIGHT] [--limit LIMIT] [--force] [-t TAG...]", wrong.Remedy);
        if (why is not null)
        {
            Assert.Equal(why, wrong.Why);
        }
    }

    [Theory]
    [InlineData("clutser", "show", "unknown palette 'clutser'", "Did you mean 'cluster'?")]
    [InlineData("xyz", "show", "unknown palette 'xyz'", "Known: sample, cluster.")]
    [InlineData("sample", "shwo", "unknown command 'shwo' of 'sample'", "Did you mean 'show'?")]
    [InlineData("sample", "", "the palette 'sample' needs a command", "One of: sample, show.")]
    public void An_unknown_name_brings_the_nearest_one(string palette, string command, string what, string why)
    {
        var wrong = Assert.Throws<CommandSyntaxException>(() => CommandParser.Find(Palettes, palette, command));

        Assert.Equal((what, why), (wrong.Message, wrong.Why));
    }
}
