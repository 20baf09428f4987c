using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Serialization;

namespace Intellect3.Actors.Tests;

/// <summary>
/// Takes Akka's own messages within a node through <c>serialize-messages = on</c>: they have no serializer and never cross nodes, and strict
/// serialization would refuse them.
/// </summary>
public sealed class ByReferenceSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private readonly ConcurrentDictionary<long, object> _objects = new();
    private long _last;

    public override int Identifier => 1199;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj)
    {
        var key = Interlocked.Increment(ref _last);
        _objects[key] = obj;
        return BitConverter.GetBytes(key);
    }

    public override object FromBinary(byte[] bytes, Type type) => _objects.TryRemove(BitConverter.ToInt64(bytes), out var found) ? found : throw new KeyNotFoundException();
}
