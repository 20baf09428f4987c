using Akka.Actor;
using Akka.TestKit.Xunit2;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Tests.Samples;

public sealed class SampleStoreTests() : TestKit(TestHocon.Strict)
{
    private static readonly NodeAddress Node = new("loopback://rollout");

    private readonly SampleStore _store = new(Node, capacity: 10);

    [Fact]
    public async Task A_payload_can_be_pulled_until_it_is_freed()
    {
        var sources = new ByteSources();
        sources.Add(SampleStore.SourceName, _store);
        var channel = new LoopbackByteChannel();
        channel.Connect(Node, sources);
        var reference = _store.Put("g1/0", [1, 2, 3]);

        Assert.Equal([1, 2, 3], await channel.PullBytesAsync(reference, CancellationToken.None));

        Assert.True(_store.Free(reference.Key));
        Assert.False(_store.Free(reference.Key));
        await Assert.ThrowsAsync<ContentUnavailableException>(() => channel.PullBytesAsync(reference, CancellationToken.None));
    }

    [Fact]
    public void A_payload_that_has_no_room_is_refused_and_freeing_makes_room()
    {
        var first = _store.Put("g1/0", new byte[6]);

        Assert.Contains("g2/0 of 5 bytes", Assert.Throws<SampleStoreFullException>(() => _store.Put("g2/0", new byte[5])).Message, StringComparison.Ordinal);
        Assert.Null(_store.Find("g2/0"));

        _store.Free(first.Key);
        _store.Put("g2/0", new byte[10]);
        Assert.Equal(new SampleStoreStatus(1, 10, 10), _store.Status);
    }

    [Fact]
    public void The_same_payload_again_is_no_error_another_one_is()
    {
        var reference = _store.Put("g1/0", [1, 2, 3]);

        Assert.Equal(reference, _store.Put("g1/0", [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => _store.Put("g1/0", [1, 2, 4]));
        Assert.Equal(3, _store.Status.InUse);
    }

    [Fact]
    public void Other_nodes_free_payloads_by_message()
    {
        var actor = Sys.ActorOf(SampleStoreActor.Props(_store));
        var reference = _store.Put("g1/0", [1, 2, 3]);
        actor.Tell(new FreeSamples([reference.Key, "samples/unknown", "nonsense"]));
        actor.Tell(new GetSampleStoreStatus());

        Assert.Equal(new SampleStoreStatus(0, 0, 10), ExpectMsg<SampleStoreStatus>());
    }
}
