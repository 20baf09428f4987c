using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Tests.Coordination;

public sealed class LedgerLineTests
{
    [Fact]
    public void Every_event_of_a_run_comes_back_from_its_line()
    {
        var simulation = new RunSimulation(3, new RunRules { Steps = 4, GroupsPerBatch = 3, GroupsInFlight = 4, TargetLag = 1, MaxOffPolicySteps = 1 });
        simulation.Run(p => p % 3 > 0, failure: 0.1, lost: 0.1, struck: 0.2, rollback: 0.05);

        var replayed = new RunState();
        for (var i = 0; i < simulation.Journal.Count; i++)
        {
            var line = LedgerLine.Read(new LedgerLine(i + 1, simulation.Journal[i]).Write());
            Assert.Equal(i + 1, line.Sequence);
            replayed.Apply(line.Event);
        }

        Assert.Equal(simulation.State.Prompts, replayed.Prompts);
    }

    [Fact]
    public void A_line_reads_as_documented() => Assert.Equal(
        """{"seq":7,"event":"batch_cut","step":2,"members":[{"prompt":16,"attempt":1}]}""",
        new LedgerLine(7, new BatchCut(2, [new AttemptKey(16, 1)])).Write());

    [Theory]
    [InlineData("")]
    [InlineData("{\"seq\":1,\"event\":\"run_star")]
    [InlineData("{\"seq\":1,\"event\":\"no_such\"}")]
    [InlineData("{\"event\":\"step_committed\",\"step\":1}")]
    public void What_is_not_a_line_is_a_format_error(string text) => Assert.Throws<FormatException>(() => LedgerLine.Read(text));
}
