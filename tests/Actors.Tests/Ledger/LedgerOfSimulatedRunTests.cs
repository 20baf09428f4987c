using FsCheck.Xunit;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Tests.Coordination;

namespace Intellect3.Actors.Tests.Ledger;

/// <summary>The checker against ledgers that the coordinator's own state machine produced: two accounts of docs/ledger.md that must agree.</summary>
public sealed class LedgerOfSimulatedRunTests
{
    private static readonly RunRules Rules = new() { Steps = 5, GroupsPerBatch = 3, GroupsInFlight = 4, TargetLag = 1, MaxOffPolicySteps = 1 };

    private static RunSimulation Simulate(int seed, double rollback, int lag = 1)
    {
        var simulation = new RunSimulation(seed, Rules with { TargetLag = lag, DropZeroAdvantage = seed % 2 == 0 });
        simulation.Run(p => p % 4 > 0, failure: 0.05, lost: 0.1, struck: 0.2, rollback);
        return simulation;
    }

    [Property(MaxTest = 60)]
    public void What_the_coordinator_writes_is_proven_and_counted_the_same(int seed, byte lag)
    {
        var simulation = Simulate(seed, rollback: 0.05, lag % 3);
        using var files = RunFiles.Of(simulation.Journal);

        var report = files.Check();

        Assert.Empty(report.Problems);
        Assert.True(report.IsProven && report.HasEnded);
        Assert.Equal((simulation.Journal.Count, Rules.Steps, simulation.State.Lineage, simulation.State.Prompts.Count), (report.Events, report.Steps, report.Lineage, report.Prompts));
        Assert.Equal(["trained", "rejected", "failed", "quarantined", "withdrawn", "unfinished"], report.EndStates.Select(s => s.Key));
        Assert.Equal(
            simulation.State.Count().OrderBy(c => c.Key).Select(c => (c.Key.ToString().ToLowerInvariant(), c.Value)),
            report.EndStates.Where(s => s.Value > 0).Select(s => (s.Key, s.Value)));
    }

    [Property(MaxTest = 60)]
    public void Stopped_anywhere_it_is_still_proven(int seed, uint at)
    {
        var simulation = Simulate(seed, rollback: 0.05);
        using var files = RunFiles.Of([.. simulation.Journal.Take(1 + (int)(at % (simulation.Journal.Count - 1)))]);
        var report = files.Check();
        Assert.Empty(report.Problems);
        Assert.False(report.HasEnded);
    }

    [Property(MaxTest = 100)]
    public void An_event_that_others_rest_on_is_missed(int seed, uint which)
    {
        var journal = Simulate(seed, rollback: 0).Journal;
        var cut = journal.OfType<BatchCut>().SelectMany(b => b.Members).ToHashSet();
        var restedOn = journal.Index().Where(e => e.Item is PromptsDrawn or AttemptsOpened or BatchCut or StepCommitted or RunStarted or ReinforcementStarted
            || e.Item is GroupAccepted accepted && cut.Contains(new AttemptKey(accepted.Prompt, accepted.Attempt))).ToList();
        var removed = restedOn[(int)(which % restedOn.Count)].Index;

        using var files = RunFiles.Of(journal);
        files.Ledger([.. journal.Where((_, i) => i != removed).Select(e => new LedgerLine(1, e).Write())]);
        Assert.False(files.Check().IsProven, $"nobody missed {journal[removed]}");
    }

    [Property(MaxTest = 100)]
    public void An_event_that_is_there_twice_is_noticed(int seed, uint which)
    {
        // A second announcement, or a second quarantine, says nothing new.
        var journal = Simulate(seed, rollback: 0.02).Journal;
        var candidates = journal.Index().Where(e => e.Item is not (CheckpointWritten or EnvironmentQuarantined)).Select(e => e.Index).ToList();
        var twice = candidates[(int)(which % candidates.Count)];

        using var files = RunFiles.Of(journal);
        files.Ledger([.. journal.Take(twice + 1).Concat(journal.Skip(twice)).Select(e => new LedgerLine(1, e).Write())]);
        Assert.False(files.Check().IsProven, $"nobody noticed a second {journal[twice]}");
    }
}
