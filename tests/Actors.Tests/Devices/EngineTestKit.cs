using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Devices;

/// <summary>What the tests of engines behind actors share.</summary>
public abstract class EngineTestKit() : TestKit(TestHocon.Strict)
{
    internal static PolicyVersion V(int number, int lineage = 1) => new(lineage, number);

    internal static FakeWeights WeightsOf(int number, int lineage = 1) => new(V(number, lineage), []);

    internal static Generate Ask(long id, int tokens, string affinity = "a") => new(
        new GenerationRequest { Id = id, PromptIds = new[] { 1, 2 }, MaxTokens = tokens, Key = new SamplingKey(1, 2, 3) }, affinity);

    internal static NodeEnginesOptions Options(int engines = 1, int slots = 4, int maxRequests = 64) => new()
    {
        Devices = [.. Enumerable.Range(0, engines).Select(e => $"cpu-{e}")],
        Engine = new EngineActorOptions { Engine = new EngineOptions { Slots = slots }, MaxRequests = maxRequests },
    };

    internal IActorRef Start(FakeEngineFactory factory, NodeEnginesOptions options) => Sys.ActorOf(NodeEngines.Props(options, factory, TimeProvider.System), "engines");

    /// <summary>Returns when the engines have taken every message that was sent before.</summary>
    internal void Settle(IActorRef engines)
    {
        engines.Tell(new GetEngineStatus());
        ExpectMsg<EnginesStatus>();
    }
}

/// <summary>Holds an engine at the beginning of every step until it is let go.</summary>
internal sealed class Stepper
{
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _permits = new(0);

    public FakeEngineFactory Factory(Action? onAbort = null) => new()
    {
        OnCreate = engine =>
        {
            engine.OnAbort = onAbort ?? (() => { });
            engine.OnStep = () =>
            {
                _begun.Release();
                Assert.True(_permits.Wait(Expect.Soon), "a permit for the step");
            };
        },
    };

    /// <summary>Waits until the next step has begun.</summary>
    public void AwaitStep() => Assert.True(_begun.Wait(Expect.Soon), "expected the engine to begin a step");

    public void Pass(int steps = 1) => _permits.Release(steps);

    public void PassAll() => _permits.Release(1 << 24);
}
