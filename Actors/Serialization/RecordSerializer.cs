using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using Hyperion;
using Hyperion.ValueSerializers;

namespace Intellect3.Actors.Serialization;

/// <summary>Writes a record's members by name, without their names; as the root of a message it is announced by its number among the known types.</summary>
internal sealed class RecordSerializer(Type type, MemberSerializers members, ushort? knownType = null) : ValueSerializer
{
    private readonly (WireMember Member, ValueSerializer Serializer)[] _members =
    [
        .. WireMember.Of(type).Select(m => (m, m.CanBeNull ? new OptionalSerializer(members.For(m.Property.PropertyType)) : members.For(m.Property.PropertyType))),
    ];

    public override void WriteManifest(Stream stream, SerializerSession session)
    {
        var number = knownType ?? throw new NotSupportedException($"{type.Name} is no message");
        stream.Write([ObjectSerializer.ManifestIndex, (byte)number, (byte)(number >> 8)]);
    }

    public override void WriteValue(Stream stream, object value, SerializerSession session)
    {
        foreach (var (member, serializer) in _members)
        {
            var content = member.Property.GetValue(value);
            if (content is null && serializer is not OptionalSerializer)
            {
                throw new SerializationException($"{type.Name}.{member.Property.Name} is null");
            }

            serializer.WriteValue(stream, content!, session);
        }
    }

    public override object ReadValue(Stream stream, DeserializerSession session)
    {
        var record = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var (member, serializer) in _members)
        {
            member.Property.SetValue(record, serializer.ReadValue(stream, session));
        }

        return record;
    }

    public override Type GetElementType() => type;
}
