namespace Intellect3.Environments.Tests;

public class NearestNameTests
{
    [Theory]
    [InlineData("parity", "parity")]
    [InlineData("PARITY", "parity")]
    [InlineData("partiy", "parity")]
    [InlineData("gess", "guess")]
    [InlineData("reverse-text", null)]
    [InlineData("reversed", "reverse")]
    [InlineData("soft", "sort")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void Finds_what_was_meant_or_nothing(string typed, string? expected) =>
        Assert.Equal(expected, NearestName.Of(typed, ["guess", "parity", "reverse", "sort"]));

    [Fact]
    public void Swapped_neighbours_are_one_edit_and_ties_go_to_the_first_name() =>
        Assert.Equal("ab", NearestName.Of("ba", ["bb", "ab"]));

    [Theory]
    [InlineData("trainer.lerning-rate", "trainer.learning-rate")]
    [InlineData("rollout.group_size", "rollout.group-size")]
    public void Works_for_setting_names(string typed, string expected) =>
        Assert.Equal(expected, NearestName.Of(typed, ["trainer.learning-rate", "warmup.learning-rate", "rollout.group-size", "rollout.groups"]));
}
