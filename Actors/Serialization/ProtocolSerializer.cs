using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Hyperion;
using Hyperion.SerializerFactories;
using Hyperion.ValueSerializers;

namespace Intellect3.Actors.Serialization;

/// <summary>One protocol's Hyperion: its messages are the known types, numbered within the protocol so that its version covers the numbers too.</summary>
internal sealed class ProtocolSerializer
{
    private readonly Hyperion.Serializer _hyperion;
    private readonly Dictionary<Type, ushort> _numbers;

    public ProtocolSerializer(IReadOnlyList<Type> messages, ExtendedActorSystem system)
    {
        _numbers = messages.Select((type, index) => (type, index)).ToDictionary(m => m.type, m => (ushort)m.index);
        _hyperion = new Hyperion.Serializer(new SerializerOptions(
            versionTolerance: false,
            preserveObjectReferences: false,
            surrogates: null,
            serializerFactories: [new MessageSerializerFactory(_numbers, system)],
            knownTypes: messages,
            ignoreISerializable: true,
            packageNameOverrides: null,
            disallowUnsafeTypes: true,
            typeFilter: new KnownTypesOnly(messages)));
    }

    public byte[] Write(object message)
    {
        using var stream = new MemoryStream();
        _hyperion.Serialize(message, stream);
        return stream.ToArray();
    }

    public object Read(byte[] bytes, Type type)
    {
        // Hyperion would read whatever the first byte announces: a number, an array, a type by name. Only this message is expected.
        if (bytes is not [ObjectSerializer.ManifestIndex, var low, var high, ..] || _numbers[type] != low + (high << 8))
        {
            throw new SerializationException($"the bytes do not begin as a {type.Name}");
        }

        using var stream = new MemoryStream(bytes, writable: false);
        var message = _hyperion.Deserialize<object>(stream);
        return stream.Position == stream.Length ? message : throw new SerializationException($"{stream.Length - stream.Position} bytes follow a {type.Name}");
    }

    /// <summary>Hyperion asks by assembly-qualified name when it writes; in bytes a type name never has a place.</summary>
    private sealed class KnownTypesOnly(IEnumerable<Type> types) : ITypeFilter
    {
        private readonly HashSet<string> _names = types.Select(t => t.AssemblyQualifiedName!).ToHashSet(StringComparer.Ordinal);

        public bool IsAllowed(string typeName) => _names.Contains(typeName);
    }

    private sealed class MessageSerializerFactory(IReadOnlyDictionary<Type, ushort> numbers, ExtendedActorSystem system) : ValueSerializerFactory
    {
        public override bool CanSerialize(Hyperion.Serializer serializer, Type type) => numbers.ContainsKey(type);

        public override bool CanDeserialize(Hyperion.Serializer serializer, Type type) => CanSerialize(serializer, type);

        public override ValueSerializer BuildSerializer(Hyperion.Serializer serializer, Type type, ConcurrentDictionary<Type, ValueSerializer> typeMapping) =>
            typeMapping.GetOrAdd(type, t => new RecordSerializer(t, new MemberSerializers(serializer, system), numbers[t]));
    }
}
