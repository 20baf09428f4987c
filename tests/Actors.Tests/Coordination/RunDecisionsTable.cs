using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Tests.Coordination;

public sealed class RunDecisionsTable
{
    private static readonly RunRules Rules = new() { Steps = 3, GroupsPerBatch = 2, GroupsInFlight = 2, TargetLag = 1, MaxAttempts = 2, MaxOffPolicySteps = 1 };

    private readonly RunState _state = new();
    private readonly RunDecisions _decisions = new(Rules, new Curriculum(7, [new CurriculumEntry("parity", "1.0.0", "built-in", 1)]));

    public RunDecisionsTable()
    {
        Apply(new RunStarted("r", 7, 3, 2, 1), new CoordinatorStarted(1), new ReinforcementStarted(0));
        Advance();
    }

    [Fact]
    public void It_opens_as_many_groups_as_may_be_in_flight_and_no_more()
    {
        Assert.Equal([0, 1], _state.InFlight);
        Assert.Empty(_decisions.Next(_state));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(5, 1)]
    [InlineData(0, 0)]
    public void Messages_of_attempts_that_are_not_under_way_change_nothing(long prompt, int attempt)
    {
        Assert.Empty(_decisions.OnDelivered(_state, new AttemptKey(prompt, attempt), Good()));
        Assert.Empty(_decisions.OnAttemptEnded(_state, new AttemptKey(prompt, attempt), AttemptOutcome.Failed, "x"));
    }

    [Fact]
    public void A_repeated_delivery_counts_once()
    {
        Apply([.. _decisions.OnDelivered(_state, new AttemptKey(0, 1), Good())]);
        Assert.Empty(_decisions.OnDelivered(_state, new AttemptKey(0, 1), Good()));
        Assert.Equal([0], _state.Waiting);
    }

    [Fact]
    public void A_prompt_fails_after_its_own_failures_and_not_after_lost_attempts()
    {
        End(0, AttemptOutcome.Lost);
        End(0, AttemptOutcome.Lost);
        End(0, AttemptOutcome.Failed);
        Assert.Equal(PromptState.InFlight, _state.Prompts[0].State);
        End(0, AttemptOutcome.Failed);
        Assert.Equal(PromptState.Failed, _state.Prompts[0].State);
    }

    [Fact]
    public void Batches_wait_for_the_gate_and_are_ordered_by_prompt()
    {
        Deliver(1);
        Deliver(0);
        Deliver(2);
        Deliver(3);
        Assert.Equal([new AttemptKey(0, 1), new AttemptKey(1, 1)], _state.Batches[1]);
        Assert.Equal([new AttemptKey(2, 1), new AttemptKey(3, 1)], _state.Batches[2]);
        Assert.Empty(_state.InFlight);

        Apply([.. _decisions.OnComputed(_state, 1)]);
        Advance();
        Assert.Equal([4, 5], _state.InFlight);
    }

    [Fact]
    public void A_step_is_committed_once_and_in_order()
    {
        Deliver(0);
        Deliver(1);
        Assert.Empty(_decisions.OnComputed(_state, 2));
        Apply([.. _decisions.OnComputed(_state, 1)]);
        Assert.Empty(_decisions.OnComputed(_state, 1));
        Assert.Throws<RunStateException>(() => _state.Apply(new StepCommitted(1)));
    }

    [Fact]
    public void Struck_payloads_open_their_prompts_again_and_the_batch_is_refilled()
    {
        Deliver(0);
        Deliver(1);
        Apply([.. _decisions.OnPayloadsMissing(_state, 1, [new AttemptKey(1, 1)])]);
        Assert.Empty(_state.Batches);
        Assert.Equal([0], _state.Waiting);
        Deliver(2);
        Assert.Equal([new AttemptKey(0, 1), new AttemptKey(2, 1)], _state.Batches[1]);
        Assert.Equal(2, _state.Prompts[1].Attempt);
    }

    [Fact]
    public void What_got_stale_while_it_waited_is_opened_again()
    {
        Deliver(0, oldestVersion: 0);
        Apply(new AttemptEnded(1, 1, AttemptOutcome.Lost, "x"));
        Advance();
        Deliver(1);
        Deliver(2);
        Apply([.. _decisions.OnComputed(_state, 1)]);
        Advance();
        Deliver(3);
        Apply([.. _decisions.OnComputed(_state, 2)]);
        Apply([.. _decisions.OnDelivered(_state, new AttemptKey(_state.InFlight.First(), 1), Good() with { OldestVersion = 0 })]);
        Assert.Equal(1, _state.Prompts.Values.Max(p => p.Stale));
    }

    [Fact]
    public void An_environment_that_keeps_failing_is_quarantined_and_the_run_says_that_it_is_exhausted()
    {
        for (var i = 0; i < 40 && _state.InFlight.Count > 0; i++)
        {
            End(_state.InFlight.First(), AttemptOutcome.Failed);
        }

        Assert.True(_state.HealthOf("parity").IsQuarantined);
        Assert.True(_decisions.IsExhausted(_state));
        Assert.Contains(PromptState.Quarantined, _state.Count().Keys);
    }

    [Fact]
    public void A_rollback_opens_again_what_ended_after_the_checkpoint()
    {
        Deliver(0);
        Deliver(1);
        Apply([.. _decisions.OnComputed(_state, 1)]);
        Advance();
        Deliver(2);
        Deliver(3);
        Apply([.. _decisions.OnComputed(_state, 2)]);

        Apply(new RolledBack(RunPhase.Reinforcement, 1, 2));

        Assert.Equal(PromptState.Trained, _state.Prompts[1].State);
        Assert.Equal(PromptState.Open, _state.Prompts[2].State);
        Assert.Equal(new Model.Inference.PolicyVersion(2, 1), _state.Version);
    }

    [Fact]
    public void Groups_that_teach_nothing_one_after_the_other_make_a_run_hopeless_and_one_that_does_ends_the_row()
    {
        var decisions = new RunDecisions(Rules with { MaxGroupsWithoutAdvantage = 3 }, new Curriculum(7, [new CurriculumEntry("parity", "1.0.0", "built-in", 1)]));
        void DeliverNext(bool hasAdvantage)
        {
            Apply([.. decisions.OnDelivered(_state, new AttemptKey(_state.InFlight.First(), 1), Good() with { HasAdvantage = hasAdvantage })]);
            Advance();
        }

        DeliverNext(false);
        DeliverNext(false);
        DeliverNext(true);
        DeliverNext(false);
        DeliverNext(false);
        Assert.False(decisions.IsHopeless(_state));
        DeliverNext(false);
        Assert.True(decisions.IsHopeless(_state));
    }

    [Fact]
    public void A_run_that_ended_accepts_nothing_more()
    {
        Apply(new RunEnded("done"));
        Assert.All(_state.Prompts.Values, p => Assert.Equal(PromptState.Unfinished, p.State));
        Assert.Throws<RunStateException>(() => _state.Apply(new WarmupCommitted(1)));
        Assert.Empty(_decisions.OnDelivered(_state, new AttemptKey(0, 1), Good()));
    }

    private GroupOutcome Good() => new(0.5, _state.Lineage, _state.Step, true);

    private void Deliver(long prompt, int? oldestVersion = null)
    {
        Apply([.. _decisions.OnDelivered(_state, new AttemptKey(prompt, _state.Prompts[prompt].Attempt), Good() with { OldestVersion = oldestVersion ?? _state.Step })]);
        Advance();
    }

    private void End(long prompt, AttemptOutcome outcome)
    {
        Apply([.. _decisions.OnAttemptEnded(_state, new AttemptKey(prompt, _state.Prompts[prompt].Attempt), outcome, "test")]);
        Advance();
    }

    private void Advance()
    {
        for (var events = _decisions.Next(_state); events.Count > 0; events = _decisions.Next(_state))
        {
            Apply([.. events]);
        }
    }

    private void Apply(params RunEvent[] events) => Array.ForEach(events, _state.Apply);
}
