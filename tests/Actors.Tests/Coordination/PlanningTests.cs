using Intellect3.Actors.Coordination;
using Intellect3.Environments.Tasks;

namespace Intellect3.Actors.Tests.Coordination;

/// <summary>The small planners: where prompts come from, where groups go, what an evaluation still waits for.</summary>
public sealed class PlanningTests
{
    [Fact]
    public void Draws_follow_the_weights_and_depend_on_seed_and_index_alone()
    {
        var curriculum = new Curriculum(5, [new CurriculumEntry("a", "1", "built-in", 3), new CurriculumEntry("b", "1", "built-in", 1), new CurriculumEntry("off", "1", "built-in", 0)]);
        var state = new RunState();
        var all = curriculum.Draw(state, 4000);

        Assert.Equal(0.75, all.Count(p => p.Environment == "a") / 4000.0, 0.03);
        Assert.DoesNotContain(all, p => p.Environment == "off");
        Assert.Equal(all.Take(7), curriculum.Draw(state, 7));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => all.Where(p => p.Environment == "b").First().TaskIndex + i), all.Where(p => p.Environment == "b").Take(50).Select(p => p.TaskIndex));
        Assert.NotEqual(all[0].TaskIndex, new Curriculum(6, [new CurriculumEntry("a", "1", "built-in", 1)]).Draw(state)!.TaskIndex);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_weight_that_is_none_is_refused(double weight) =>
        Assert.Throws<ArgumentException>(() => new Curriculum(1, [new CurriculumEntry("a", "1", "built-in", weight)]));

    [Fact]
    public void Work_goes_to_free_slots_and_is_given_back_once()
    {
        var placement = new GroupPlacement();
        Assert.Null(placement.Place("early", 4));
        placement.SetNode("small", 8);
        placement.SetNode("large", 32);

        Assert.Equal(["large", "large", "small"], [.. Enumerable.Range(0, 3).Select(i => placement.Place($"g{i}", 8)!).Order(StringComparer.Ordinal)]);
        Assert.Equal(24, placement.Used);
        placement.Release("g0");
        placement.Release("g0");
        placement.Release("unknown");
        Assert.Equal(16, placement.Used);
        Assert.NotEmpty(placement.RemoveNode("large"));
        Assert.Equal(["small"], placement.Nodes);
    }

    [Fact]
    public void A_node_that_leaves_keeps_what_it_has_and_gets_no_more()
    {
        var placement = new GroupPlacement();
        placement.SetNode("a", 32);
        placement.SetNode("b", 8);
        Assert.Equal("a", placement.Place("g0", 8));

        placement.Leave("a");

        Assert.Equal("b", placement.Place("g1", 8));
        Assert.Null(placement.Place("g2", 8, node => node == "a"));
        Assert.Equal(["b"], placement.Nodes);
        Assert.Equal([new NodeWork("a", 32, 8, 1, Leaving: true), new NodeWork("b", 8, 8, 1, Leaving: false)], placement.Work);

        // The same name may come back after it was gone.
        placement.RemoveNode("a");
        placement.SetNode("a", 32);
        Assert.Equal("a", placement.Place("g3", 8));
    }

    [Fact]
    public void An_evaluation_asks_each_task_both_ways_and_starts_lost_groups_again()
    {
        var evaluation = new EvaluationRun(new EvaluationPlan("after", 9, [new CurriculumEntry("a", "1", "built-in", 1)], TaskSplit.HeldOut, 0, 20, Greedy: true, Sampled: true), 100);
        var started = new List<(EvaluationGroup Group, int Attempt)>();
        while (evaluation.Start() is { } next)
        {
            started.Add(next);
        }

        Assert.Equal([(0f, 0L, 16), (0f, 16L, 4), (1f, 0L, 16), (1f, 16L, 4)], started.Select(s => (s.Group.Temperature, s.Group.TaskIndex, s.Group.Size)));
        Assert.Equal(104, evaluation.NextNumber);
        evaluation.Lose(100, 1);
        evaluation.Lose(100, 7);
        var again = evaluation.Start();
        Assert.Equal((100L, 2), (again!.Value.Group.Number, again.Value.Attempt));
        Assert.Null(evaluation.Start());

        Assert.False(evaluation.Deliver(100, 1, []));
        foreach (var number in (long[])[100, 101, 102, 103])
        {
            Assert.False(evaluation.IsDone);
            var size = number % 2 == 0 ? 16 : 4;
            Assert.True(evaluation.Deliver(number, number == 100 ? 2 : 1, [.. Enumerable.Range(0, size).Select(i => ((double?)(number < 102 ? 1 : i == 0 ? null : 0.5), (double?)null))]));
        }

        Assert.True(evaluation.IsDone);
        Assert.Equal(2, evaluation.Errors);
        Assert.Equal(new EvaluationRecorded("after", 20, 1, 0.5, 1, 0), evaluation.Result());
    }
}
