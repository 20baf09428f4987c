using Akka.Actor;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Samples;

/// <summary>Takes what other nodes tell a node's <see cref="SampleStore"/>.</summary>
public sealed class SampleStoreActor : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string ActorName = "sample-store";

    public SampleStoreActor(SampleStore store)
    {
        Receive<FreeSamples>(free =>
        {
            foreach (var key in free.Keys)
            {
                store.Free(key);
            }
        });
        Receive<GetSampleStoreStatus>(_ => Sender.Tell(store.Status));
    }

    public static Props Props(SampleStore store) => Akka.Actor.Props.Create(() => new SampleStoreActor(store));
}
