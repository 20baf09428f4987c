using FsCheck.Xunit;
using Intellect3.Actors.Coordination;
using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Tests.Coordination;

public sealed class CurriculumChangeTests
{
    private static readonly IReadOnlyList<CurriculumEntry> Settings = [Entry("parity", 3), Entry("sort", 1)];
    private static readonly EnvironmentKey Clock = new("Clock", "1.0.0", "abc");

    [Fact]
    public void An_injected_environment_gets_its_share_and_the_others_keep_their_relation()
    {
        var entries = CurriculumChange.Inject(Settings, Clock, 0.3);

        Assert.Equal(["parity", "sort", "Clock"], entries.Select(e => e.Environment));
        Assert.Equal(Clock, entries[2].Key);
        Assert.Equal([0.525, 0.175, 0.3], entries.Select(e => Math.Round(e.Weight, 12)));
    }

    [Fact]
    public void An_upgrade_keeps_the_share_unless_another_is_given()
    {
        var before = CurriculumChange.Inject(Settings, Clock, 0.3);
        var newer = Clock with { Version = "1.1.0", Hash = "def" };

        Assert.Equal(before.Select(e => e.Weight), CurriculumChange.Inject(before, newer, null).Select(e => e.Weight));
        Assert.Equal(newer, CurriculumChange.Inject(before, newer, null)[2].Key);
        Assert.Equal(0.5, CurriculumChange.Inject(before, newer, 0.5)[2].Weight);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_a_remedy()
    {
        Assert.Contains("--weight", Refused(() => CurriculumChange.Inject(Settings, Clock, null)).Remedy, StringComparison.Ordinal);
        Assert.Contains("between 0 and 1", Refused(() => CurriculumChange.Weigh(Settings, "sort", 1.5)).Why, StringComparison.Ordinal);
        Assert.Contains("between 0 and 1", Refused(() => CurriculumChange.Weigh(Settings, "sort", double.NaN)).Why, StringComparison.Ordinal);
        Assert.Equal("Did you mean 'parity'?", Refused(() => CurriculumChange.Withdraw(Settings, "partiy")).Why);
        Assert.Contains("no environment would be left", Refused(() => CurriculumChange.Withdraw([Entry("sort", 1), Entry("off", 0)], "sort")).Message, StringComparison.Ordinal);
        Assert.Contains("no environment would be left", Refused(() => CurriculumChange.Weigh([Entry("sort", 1)], "sort", 0)).Message, StringComparison.Ordinal);
    }

    [Property]
    public void After_any_weighing_the_environment_has_exactly_its_share(byte share, byte first, byte second)
    {
        var entries = CurriculumChange.Weigh([Entry("a", first), Entry("b", second + 1), Entry("c", 1)], "a", share / 255.0);

        Assert.Equal(share / 255.0, entries[0].Weight / entries.Sum(e => e.Weight), 9);
        Assert.Equal((second + 1) / (second + 2.0), share == 255 ? (second + 1) / (second + 2.0) : entries[1].Weight / (entries[1].Weight + entries[2].Weight), 9);
    }

    private static CurriculumEntry Entry(string name, double weight) => new(name, "1.0.0", EnvironmentKey.BuiltIn, weight);

    private static RunRefusedException Refused(Action change) => Assert.Throws<RunRefusedException>(change);
}
