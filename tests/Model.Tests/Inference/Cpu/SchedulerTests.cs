using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Cpu;

namespace Intellect3.Model.Tests.Inference.Cpu;

public sealed class SchedulerTests
{
    [Fact]
    public void Prefill_is_cut_to_the_budget_and_decode_rows_ride_along()
    {
        var world = new ScheduledWorld(blocks: 32, blockTokens: 4, slots: 4, prefillTokens: 5);
        world.Submit(world.Prompt(1, 2, 3), 10);
        world.Step();
        world.Submit(world.Prompt(9, 8, 7, 6, 5, 4, 3), 10);

        Assert.Equal(["0:[3,4)", "1:[0,5)"], world.Step());
        Assert.Equal(["0:[4,5)", "1:[5,7)"], world.Step());
        Assert.Equal(["0:[5,6)", "1:[7,8)"], world.Step());
    }

    [Fact]
    public void Equal_prompts_of_one_step_are_computed_once()
    {
        var world = new ScheduledWorld(blocks: 32, blockTokens: 2, slots: 4, prefillTokens: 100);
        for (var i = 0; i < 3; i++)
        {
            world.Submit(world.Prompt(5, 6, 7, 8, 9), 3);
        }

        Assert.Equal(["0:[0,5)", "1:[4,5)", "2:[4,5)"], world.Step());
        Assert.Equal(15, world.Scheduler.AdmittedTokens);
        Assert.Equal(8, world.Scheduler.SharedTokens);
    }

    [Fact]
    public void The_last_token_is_computed_even_when_the_whole_prompt_is_cached()
    {
        var world = new ScheduledWorld(blocks: 32, blockTokens: 2, slots: 1, prefillTokens: 100);
        world.Submit(world.Prompt(5, 6, 7, 8), 1);
        world.Step();
        world.Submit(world.Prompt(5, 6, 7, 8), 1);

        Assert.Equal(["1:[2,4)"], world.Step());
    }

    [Fact]
    public void The_youngest_gives_way_when_blocks_run_out_and_comes_back_with_its_tokens()
    {
        var world = new ScheduledWorld(blocks: 4, blockTokens: 2, slots: 4, prefillTokens: 100);
        world.Submit(world.Prompt(1, 2), 5);
        world.Submit(world.Prompt(3), 4);

        Assert.Equal(["0:[0,2)", "1:[0,1)"], world.Step());
        Assert.Equal(["0:[2,3)", "1:[1,2)"], world.Step());
        Assert.Equal(["0:[3,4)", "1:[2,3)"], world.Step());
        Assert.Equal(["0:[4,5)"], world.Step());
        Assert.Equal((1, 1), (world.Scheduler.Running, world.Scheduler.Waiting));
        Assert.Equal(["0:[5,6)"], world.Step());
        Assert.Equal(["1:[2,4)"], world.Step());
    }

    [Fact]
    public void A_swap_that_recomputes_starts_running_sequences_over_in_their_slots()
    {
        var world = new ScheduledWorld(blocks: 32, blockTokens: 2, slots: 2, prefillTokens: 4);
        world.Submit(world.Prompt(1, 2, 3), 9);
        world.Submit(world.Prompt(4, 5), 9);
        world.Step();
        world.Step();

        world.Swap(KvOnUpdate.Recompute);

        Assert.Equal(2, world.Scheduler.Running);
        Assert.Equal(["0:[0,4)"], world.Step());
        Assert.Equal(["0:[4,5)", "1:[0,3)"], world.Step()[..2]);
    }

    /// <summary>Whatever the order of events: no block leaks, none is held by two that differ, no sequence sees another's or an older version's keys, all end.</summary>
    [Property(MaxTest = 300)]
    public Property Any_order_of_events_keeps_the_books(byte blocks, byte size, byte slots, byte budget) =>
        Prop.ForAll(Events().ToArbitrary(), events =>
        {
            var world = new ScheduledWorld(4 + (blocks % 20), 1 + (size % 5), 1 + (slots % 6), 1 + (budget % 12));
            foreach (var happen in events)
            {
                happen(world);
                world.CheckBooks();
            }

            world.Drain();
            Assert.Equal(world.Pool.Count, world.Pool.Free);
            Assert.Equal(world.Submitted, world.Ended);
        });

    private static Gen<Action<ScheduledWorld>[]> Events()
    {
        // Few distinct prompts over two tokens, so that prefixes meet.
        var submit = from length in Gen.Choose(1, 14)
                     from seed in Gen.Choose(0, 2)
                     from most in Gen.Choose(1, 12)
                     select (Action<ScheduledWorld>)(w => w.Submit(w.RandomPrompt(seed, length), most));
        var step = Gen.Constant<Action<ScheduledWorld>>(w => w.Step());
        var abort = Gen.Choose(0, 20).Select(i => (Action<ScheduledWorld>)(w => w.Abort(i)));
        var keep = Gen.Constant<Action<ScheduledWorld>>(w => w.Swap(KvOnUpdate.Keep));
        var recompute = Gen.Constant<Action<ScheduledWorld>>(w => w.Swap(KvOnUpdate.Recompute));
        return Gen.Frequency((6, submit), (12, step), (1, abort), (1, keep), (1, recompute)).ArrayOf(60);
    }
}
