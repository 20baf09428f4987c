using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Intellect3.Actors.Serialization;

/// <summary>Stands in the place of Akka's reflective JSON serializer, under its name and number: what no other serializer takes is refused, in both directions.</summary>
public sealed class RejectSerializer : Serializer
{
    /// <summary>Akka calls this one; the settings are those of the serializer it stands in for.</summary>
    public RejectSerializer(ExtendedActorSystem system, Config settings)
        : base(system)
    {
        _ = settings;
    }

    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj?.GetType()} may not leave the node: wire messages implement IWireMessage, messages within a node INoSerializationVerificationNeeded");

    public override object FromBinary(byte[] bytes, Type type) => throw new SerializationException("JSON that names its own types is never read");
}
