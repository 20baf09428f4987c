using Intellect3.Environments.BuiltIn.Sort;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Tests;

public class TasksetRegistryTests
{
    [Fact]
    public void The_built_in_task_sets_are_found_by_name()
    {
        Assert.Equal(["guess", "parity", "reverse", "sort"], TasksetRegistry.BuiltIn.Names);
        Assert.All(TasksetRegistry.BuiltIn.Names, name => Assert.Equal(name, TasksetRegistry.BuiltIn.Get(name).Name));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_nearest_known_one()
    {
        var error = Assert.Throws<UnknownTasksetException>(() => TasksetRegistry.BuiltIn.Get("partiy"));
        Assert.Equal(("partiy", "parity"), (error.Name, error.Nearest));
        Assert.Equal("There is no environment 'partiy'. Did you mean 'parity'? Known: guess, parity, reverse, sort.", error.Message);
        Assert.Null(Assert.Throws<UnknownTasksetException>(() => TasksetRegistry.BuiltIn.Get("wordle")).Nearest);
    }

    public sealed class Named(string name, int maxTokens = 1) : EmptyTaskset
    {
        public override string Name => name;

        public override EpisodeLimits Limits => new(1, maxTokens, []);
    }

    public sealed class Unscorable : EmptyTaskset
    {
        [Reward]
        public string Score() => "much";
    }

    public static TheoryData<Taskset, string> Refused => new()
    {
        { new Named("Upper"), "lower case" },
        { new Named("two words"), "lower case" },
        { new Named(""), "lower case" },
        { new Named("ok", maxTokens: 0), "at least 1" },
        { new Named("sort"), "Two task sets" },
        { new Unscorable(), "Unscorable.Score" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_task_set_that_is_not_as_it_must_be_is_refused(Taskset taskset, string says) =>
        Assert.Contains(says, Assert.Throws<TasksetException>(() => new TasksetRegistry([new SortTaskset(), taskset])).Message, StringComparison.Ordinal);
}
