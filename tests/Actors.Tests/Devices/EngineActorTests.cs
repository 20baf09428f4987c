using Akka.Actor;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Devices;

public sealed class EngineActorTests : EngineTestKit
{
    [Fact]
    public void A_request_waits_for_the_first_weights_and_is_answered_under_its_own_id()
    {
        var engines = Start(new FakeEngineFactory(), Options());
        engines.Tell(Ask(77, tokens: 3));
        engines.Tell(Ask(78, tokens: 2));
        engines.Tell(new GetEngineStatus());
        Assert.Null(ExpectMsg<EnginesStatus>().Engines.Single().Version);

        engines.Tell(new SwapWeights(WeightsOf(0)));

        Assert.Equal(78, ExpectMsg<Generated>().Result.Id);
        var result = ExpectMsg<Generated>().Result;
        Assert.Equal(77, result.Id);
        Assert.Equal([new VersionRun(V(0), 3)], result.Versions);
    }

    [Fact]
    public void Two_senders_may_use_the_same_id()
    {
        var engines = Start(new FakeEngineFactory(), Options());
        engines.Tell(new SwapWeights(WeightsOf(0)));
        var other = CreateTestProbe();
        engines.Tell(Ask(1, tokens: 2));
        engines.Tell(Ask(1, tokens: 3), other);

        Assert.Equal(2, ExpectMsg<Generated>().Result.TokenIds.Count);
        Assert.Equal(3, other.ExpectMsg<Generated>().Result.TokenIds.Count);
    }

    [Fact]
    public void Everything_an_engine_does_happens_on_its_devices_thread()
    {
        var factory = new FakeEngineFactory();
        var engines = Start(factory, Options(engines: 2, slots: 1));
        engines.Tell(new SwapWeights(WeightsOf(0)));
        engines.Tell(Ask(1, tokens: 2, "a"));
        engines.Tell(Ask(2, tokens: 2, "b"));
        ExpectMsg<Generated>();
        ExpectMsg<Generated>();
        Watch(engines);
        Sys.Stop(engines);
        ExpectTerminated(engines);

        var threads = factory.Engines.Select(e => Assert.Single(e.Calls.Select(c => c.Thread).Distinct())).ToList();
        Assert.Equal(2, threads.Distinct().Count());
        Assert.All(factory.Engines, e => Assert.Equal("dispose", e.Calls.Last().Call));
    }

    [Fact]
    public void A_swap_happens_between_two_steps_of_a_running_sequence()
    {
        var steps = new Stepper();
        var engines = Start(steps.Factory(), Options());
        engines.Tell(new SwapWeights(WeightsOf(0)));
        engines.Tell(Ask(1, tokens: 4));
        Settle(engines);
        steps.AwaitStep();
        while (Status(engines).Running == 0)
        {
            steps.Pass();
            steps.AwaitStep();
        }

        // One token is sampled, the next step has begun.
        engines.Tell(new SwapWeights(WeightsOf(1)));
        Settle(engines);
        steps.PassAll();

        Assert.Equal([new VersionRun(V(0), 2), new VersionRun(V(1), 2)], ExpectMsg<Generated>().Result.Versions);
        Settle(engines);
        Assert.True(Status(engines).SwapDelay > TimeSpan.Zero);
    }

    [Fact]
    public void Older_weights_are_not_swapped_in_and_none_are_leaked()
    {
        var factory = new FakeEngineFactory();
        var engines = Start(factory, Options());
        var weights = new[] { WeightsOf(5), WeightsOf(4), WeightsOf(9, lineage: 0), WeightsOf(0, lineage: 2) };
        foreach (var w in weights)
        {
            engines.Tell(new SwapWeights(w));
        }

        engines.Tell(Ask(1, tokens: 1));
        Assert.Equal(V(0, lineage: 2), ExpectMsg<Generated>().Result.Versions.Single().Version);
        Watch(engines);
        Sys.Stop(engines);
        ExpectTerminated(engines);

        Assert.DoesNotContain(factory.Engines.Single().Calls, c => c.Call is "weights 1.4" or "weights 0.9");
        Assert.All(weights, w => Assert.Equal(1, w.References));
    }

    [Fact]
    public void Weights_that_are_gone_are_skipped()
    {
        var factory = new FakeEngineFactory();
        var engines = Start(factory, Options());
        var gone = WeightsOf(1);
        gone.Dispose();
        engines.Tell(new SwapWeights(gone));
        engines.Tell(new SwapWeights(WeightsOf(2)));

        engines.Tell(Ask(1, tokens: 1));
        Assert.Equal(V(2), ExpectMsg<Generated>().Result.Versions.Single().Version);
    }

    [Fact]
    public void An_invalid_request_is_refused_and_the_engine_goes_on()
    {
        var engines = Start(new FakeEngineFactory(), Options());
        engines.Tell(new SwapWeights(WeightsOf(0)));
        engines.Tell(Invalid(1));
        Assert.Equal(new GenerationFailed(1, GenerationFailure.InvalidRequest, "the prompt is empty"), ExpectMsg<GenerationFailed>());

        engines.Tell(Ask(2, tokens: 1));
        ExpectMsg<Generated>();
    }

    [Fact]
    public void Requests_past_the_limit_are_refused_as_busy()
    {
        var engines = Start(new FakeEngineFactory(), Options(maxRequests: 2));
        engines.Tell(Ask(1, tokens: 1));
        engines.Tell(Ask(2, tokens: 1));
        engines.Tell(Ask(3, tokens: 1));

        var refused = ExpectMsg<GenerationFailed>();
        Assert.Equal((3, GenerationFailure.Busy), (refused.Id, refused.Reason));

        engines.Tell(new SwapWeights(WeightsOf(0)));
        ExpectMsg<Generated>();
        ExpectMsg<Generated>();
    }

    [Fact]
    public void An_aborted_request_is_answered_with_what_was_sampled()
    {
        var steps = new Stepper();
        var engines = Start(steps.Factory(), Options());
        engines.Tell(new SwapWeights(WeightsOf(0)));
        engines.Tell(Ask(5, tokens: 1000));
        Settle(engines);
        steps.AwaitStep();
        while (Status(engines).Running == 0)
        {
            steps.Pass();
            steps.AwaitStep();
        }

        engines.Tell(new AbortGeneration(99));
        engines.Tell(new AbortGeneration(5));
        Settle(engines);
        steps.PassAll();

        var result = ExpectMsg<Generated>().Result;
        Assert.Equal((5, FinishReason.Aborted, 2), (result.Id, result.Reason, result.TokenIds.Count));
    }

    [Fact]
    public async Task The_generations_of_a_dead_requester_are_aborted()
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var steps = new Stepper();
        var engines = Start(steps.Factory(aborted.SetResult), Options());
        engines.Tell(new SwapWeights(WeightsOf(0)));
        var requester = CreateTestProbe();
        engines.Tell(Ask(1, tokens: int.MaxValue), requester);
        Settle(engines);
        steps.PassAll();

        Sys.Stop(requester);

        await Expect.Of(aborted.Task, "the abort of the dead requester's generation");
    }

    [Fact]
    public void When_an_engine_fails_its_requesters_hear_it_once_and_the_next_engine_gets_the_weights()
    {
        var fail = true;
        var factory = new FakeEngineFactory
        {
            OnCreate = engine => engine.OnStep = () =>
            {
                if (engine.Waiting > 1 && fail)
                {
                    fail = false;
                    throw new InvalidOperationException("the cache is corrupt");
                }
            },
        };
        var engines = Start(factory, Options());
        engines.Tell(Ask(1, tokens: 2));
        engines.Tell(Ask(2, tokens: 2));
        EventFilter.Exception<DeviceFaultException>(contains: "the cache is corrupt").ExpectOne(() => engines.Tell(new SwapWeights(WeightsOf(3))));

        var lost = new[] { ExpectMsg<GenerationFailed>(), ExpectMsg<GenerationFailed>() };
        Assert.All(lost, l => Assert.Equal(GenerationFailure.EngineLost, l.Reason));
        Assert.Equal([1, 2], lost.Select(l => l.Id).Order());

        engines.Tell(Ask(3, tokens: 1));
        Assert.Equal(V(3), ExpectMsg<Generated>().Result.Versions.Single().Version);
        Assert.Equal("dispose", factory.Engines.First().Calls.Last().Call);
    }

    [Fact]
    public void Every_request_is_released_once_however_it_ends()
    {
        var owner = CreateTestProbe();
        var options = Options(maxRequests: 3).Engine;
        var factory = new FakeEngineFactory { OnCreate = e => e.OnStep = () => Assert.True(e.Version < V(9)) };
        var device = Sys.ActorOf(DeviceActor.Props("gpu", new DeviceOptions(), thread => EngineActor.Props(thread, factory, options, owner, TimeProvider.System)));
        owner.ExpectMsg<EngineStarted>();
        device.Tell(Ask(1, tokens: 1));
        device.Tell(Invalid(2));
        Assert.Equal(1, owner.ExpectMsg<EngineReleased>().Requests);
        device.Tell(Ask(3, tokens: 1));
        device.Tell(Ask(4, tokens: 1_000_000_000));
        device.Tell(Ask(5, tokens: 1));
        Assert.Equal(1, owner.ExpectMsg<EngineReleased>().Requests);
        device.Tell(new SwapWeights(WeightsOf(1)));
        Assert.Equal(2, owner.ExpectMsg<EngineReleased>().Requests);
        EventFilter.Exception<DeviceFaultException>().ExpectOne(() => device.Tell(new SwapWeights(WeightsOf(9))));
        Assert.Equal(1, owner.ExpectMsg<EngineReleased>().Requests);
        owner.ExpectMsg<EngineStarted>();
        owner.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Without_an_engine_left_requests_fail()
    {
        var factory = new FakeEngineFactory { OnCreate = _ => throw new InvalidOperationException("no such device") };
        var engines = EventFilter.Error(contains: "of the node is lost").ExpectOne(() => Start(factory, Options()));

        engines.Tell(Ask(1, tokens: 1));
        Assert.Equal(GenerationFailure.EngineLost, ExpectMsg<GenerationFailed>().Reason);
    }

    [Fact]
    public void Requests_of_one_affinity_share_an_engine_and_the_room_is_told()
    {
        var factory = new FakeEngineFactory();
        var engines = Start(factory, Options(engines: 2, slots: 2));
        engines.Tell(Ask(1, tokens: 1, "a"));
        engines.Tell(Ask(2, tokens: 1, "b"));
        engines.Tell(Ask(3, tokens: 1, "a"));
        engines.Tell(new GetFreeSlots());
        Assert.Equal(new FreeSlots(4, 1), ExpectMsg<FreeSlots>());

        engines.Tell(new SwapWeights(WeightsOf(0)));
        foreach (var _ in Enumerable.Range(0, 3))
        {
            ExpectMsg<Generated>();
        }

        Assert.Equal([1, 2], factory.Engines.Select(e => e.Calls.Count(c => c.Call == "submit")).Order());
    }

    private static Generate Invalid(long id)
    {
        var ask = Ask(id, tokens: 1);
        return ask with { Request = ask.Request with { PromptIds = ReadOnlyMemory<int>.Empty } };
    }

    private EngineStatus Status(IActorRef engines)
    {
        engines.Tell(new GetEngineStatus());
        return ExpectMsg<EnginesStatus>().Engines.Single();
    }
}
