using FsCheck.Xunit;
using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Tests.Coordination;

public sealed class RunStateProperties
{
    private static readonly RunRules Rules = new() { Steps = 6, GroupsPerBatch = 4, GroupsInFlight = 5, TargetLag = 1, MaxOffPolicySteps = 2 };

    /// <summary>A prompt teaches something or not, by its index alone: what the same weights would say again.</summary>
    private static bool Teaches(long prompt) => prompt * 2654435761 % 7 > 2;

    [Property(MaxTest = 60)]
    public void Every_prompt_ends_in_exactly_one_state_whatever_happens(int seed, byte lag, bool drop)
    {
        var rules = Rules with { TargetLag = lag % 3, DropZeroAdvantage = drop };
        var simulation = new RunSimulation(seed, rules);

        simulation.Run(Teaches, failure: 0.05, lost: 0.1, struck: 0.2, rollback: 0.02);

        Assert.All(simulation.State.Prompts.Values, p => Assert.True(p.HasEnded));
        Assert.Equal(rules.Steps, simulation.Batches.Count);
    }

    [Property(MaxTest = 60)]
    public void Every_prompt_ends_in_exactly_one_state_while_environments_come_and_go(int seed)
    {
        var simulation = new RunSimulation(seed, Rules with { Steps = 12 });

        simulation.Run(Teaches, failure: 0.05, lost: 0.1, struck: 0.1, rollback: 0.02, changes: 0.1);

        Assert.All(simulation.State.Prompts.Values, p => Assert.True(p.HasEnded));
        Assert.Equal(12, simulation.Batches.Count);
    }

    [Property(MaxTest = 40)]
    public void Replaying_the_journal_gives_the_same_state(int seed)
    {
        var simulation = new RunSimulation(seed, Rules);
        simulation.Run(Teaches, failure: 0.05, lost: 0.1, struck: 0.2, rollback: 0.02);

        var replayed = new RunState();
        simulation.Journal.ForEach(replayed.Apply);

        Assert.Equal(simulation.State.Prompts, replayed.Prompts);
        Assert.Equal(simulation.State.Version, replayed.Version);
    }

    [Property(MaxTest = 40)]
    public void Synchronous_batches_depend_on_nothing_but_what_the_prompts_teach(int seed, bool drop)
    {
        var rules = Rules with { TargetLag = 0, DropZeroAdvantage = drop };
        var undisturbed = new RunSimulation(1, rules);
        undisturbed.Run(Teaches, noise: 0);

        var disturbed = new RunSimulation(seed, rules);
        disturbed.Run(Teaches, lost: 0.2, struck: 0.3, rollback: 0.05);

        Assert.Equal(undisturbed.Batches.Select(b => b.Value.Select(m => m.Prompt)), disturbed.Batches.Select(b => b.Value.Select(m => m.Prompt)));
    }
}
