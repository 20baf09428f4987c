using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Intellect3.Actors.Devices;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Tests.Devices;

public sealed class EngineMetricsTests : EngineTestKit
{
    private readonly string _device = $"metered-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, double> _sums = new();
    private readonly MeterListener _listener = new();

    public EngineMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Intellect3.Actors.Devices" && !instrument.IsObservable)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public void What_an_engine_does_is_counted_for_its_device()
    {
        var engines = Start(new FakeEngineFactory(), OneDevice());
        engines.Tell(new SwapWeights(WeightsOf(3)));
        engines.Tell(Ask(1, tokens: 2));
        engines.Tell(Ask(2, tokens: 5));
        ExpectMsg<Generated>();
        ExpectMsg<Generated>();
        End(engines);

        Assert.Equal(7, _sums["sampled_tokens"]);
        Assert.Equal(3, _sums["policy_version"]);
        Assert.Equal(0, _sums["sequences running"]);
    }

    [Fact]
    public void Sequences_of_an_engine_that_failed_are_not_counted_for_ever()
    {
        var failing = true;
        var factory = new FakeEngineFactory
        {
            // Once both requests are there and it has sampled: it may step before the second one comes.
            OnCreate = engine => engine.OnStep = () =>
            {
                if (failing && engine.Statistics.SampledTokens >= 2 && engine.Running + engine.Waiting == 2)
                {
                    failing = false;
                    throw new InvalidOperationException("step");
                }
            },
        };
        var engines = Start(factory, OneDevice(slots: 1));
        engines.Tell(new SwapWeights(WeightsOf(0)));
        engines.Tell(Ask(1, tokens: 1_000));
        engines.Tell(Ask(2, tokens: 1_000));
        ExpectMsg<GenerationFailed>();
        ExpectMsg<GenerationFailed>();
        engines.Tell(Ask(3, tokens: 4));
        ExpectMsg<Generated>();
        End(engines);

        Assert.Equal(factory.Engines.Sum(e => e.Statistics.SampledTokens), _sums["sampled_tokens"]);
        Assert.Equal((0, 0), (_sums["sequences running"], _sums.GetValueOrDefault("sequences waiting")));
    }

    protected override void AfterAll()
    {
        _listener.Dispose();
        base.AfterAll();
    }

    private NodeEnginesOptions OneDevice(int slots = 4) => Options(slots: slots) with { Devices = [_device] };

    private void End(IActorRef engines)
    {
        Watch(engines);
        Sys.Stop(engines);
        ExpectTerminated(engines);
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (isMine, state) = (false, "");
        foreach (var (name, tag) in tags)
        {
            isMine |= name == "device" && Equals(tag, _device);
            state = name == "state" ? $" {tag}" : state;
        }

        if (isMine)
        {
            var key = instrument.Name["intellect3.engine.".Length..] + state;
            _sums.AddOrUpdate(key, value, (_, sum) => instrument is Gauge<int> ? value : sum + value);
        }
    }
}
