using Intellect3.Actors.Coordination;
using Intellect3.Environments.Episodes;

namespace Intellect3.Actors.Tests.Coordination;

public sealed class EnvironmentDeploymentTests
{
    private static readonly EnvironmentKey Clock = new("Clock", "1.0.0", "abc");
    private static readonly EnvironmentKey Newer = new("Clock", "1.1.0", "def");
    private static readonly EnvironmentKey Parity = new("parity", "1.0.0", EnvironmentKey.BuiltIn);
    private static readonly string[] Two = ["n1", "n2"];

    private readonly EnvironmentDeployment _deployment = new();

    [Fact]
    public void Nodes_are_told_once_and_run_what_they_said_they_run()
    {
        var (install, retire) = Tell(Two, Parity, Clock);

        Assert.Equal([("n1", Clock), ("n2", Clock)], install);
        Assert.Empty(retire);
        Assert.Empty(Tell(Two, Parity, Clock).Install);
        Assert.False(_deployment.IsSettled(Clock, Two));
        Assert.False(_deployment.Runs("n1", Clock));
        Assert.True(_deployment.Runs("n1", Parity));

        _deployment.Installed("n1", Clock);
        _deployment.Refused("n2", Clock, "it needs another .NET");

        Assert.True(_deployment.IsSettled(Clock, Two));
        Assert.Equal((true, false, 1), (_deployment.Runs("n1", Clock), _deployment.Runs("n2", Clock), _deployment.CountOf(Clock)));
        Assert.Equal(["n2: it needs another .NET"], _deployment.RefusalsOf(Clock));
    }

    [Fact]
    public void A_new_node_is_told_what_is_needed_and_a_lost_one_is_forgotten()
    {
        Tell(Two, Clock);
        _deployment.Installed("n1", Clock);
        _deployment.Lose("n1");

        Assert.False(_deployment.Runs("n1", Clock));
        Assert.Equal([("n3", Clock)], Tell(["n2", "n3"], Clock).Install);
    }

    [Fact]
    public void What_is_no_longer_needed_is_retired_once_and_can_come_back()
    {
        Tell(Two, Clock);
        _deployment.Installed("n1", Clock);
        _deployment.Installed("n2", Clock);

        var (install, retire) = Tell(Two, Newer);

        Assert.Equal([("n1", Newer), ("n2", Newer)], install);
        Assert.Equal([("n1", Clock), ("n2", Clock)], retire);
        Assert.False(_deployment.Runs("n1", Clock));
        Assert.Empty(Tell(Two, Newer).Retire);

        _deployment.Retired("n1", Clock);

        // A rollback made it needed again: on n1 it had ended, on n2 it was about to.
        Assert.Equal([("n1", Clock), ("n2", Clock)], Tell(Two, Newer, Clock).Install);
    }

    private (IReadOnlyList<(string, EnvironmentKey)> Install, IReadOnlyList<(string, EnvironmentKey)> Retire) Tell(string[] nodes, params EnvironmentKey[] needed) => _deployment.Tell(nodes, needed.ToHashSet());
}
