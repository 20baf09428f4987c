using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Hyperion;
using Hyperion.ValueSerializers;

namespace Intellect3.Actors.Serialization;

/// <summary>
/// Makes the serializers of members by their declared types. Hyperion's own object reader lets the bytes name a type for every member; these read
/// each member as what it is declared to be, so bytes cannot choose types, nest without end or claim more elements than there are bytes.
/// </summary>
/// <param name="hyperion">Reads and writes the primitives.</param>
/// <param name="system">Resolves actor references.</param>
internal sealed class MemberSerializers(Hyperion.Serializer hyperion, ExtendedActorSystem system)
{
    private readonly ConcurrentDictionary<Type, ValueSerializer> _made = new();

    public ValueSerializer For(Type type) => _made.GetOrAdd(type, Make);

    private ValueSerializer Make(Type type) => WireShape.Of(type) switch
    {
        { Kind: WireKind.Primitive } => hyperion.GetSerializerByType(type),
        { Kind: WireKind.Text } => new TextSerializer(),
        { Kind: WireKind.Duration } => new DurationSerializer(For(typeof(long))),
        { Kind: WireKind.Enum } => new EnumSerializer(type, For(typeof(long))),
        { Kind: WireKind.ActorRef } => new ActorRefSerializer(For(typeof(string)), system),
        { Kind: WireKind.Nullable, Element: { } value } => new OptionalSerializer(For(value)),
        { Kind: WireKind.List, Element: { } element } => new ListSerializer(element, For(element)),
        { Kind: WireKind.Map, Element: { } element } => (ValueSerializer)Activator.CreateInstance(typeof(MapSerializer<>).MakeGenericType(element), For(typeof(string)), For(element))!,
        { Kind: WireKind.Record } => new RecordSerializer(type, this),
        _ => throw new SerializationException($"{type} may not travel"),
    };
}

/// <summary>A serializer that is used only where the declared type is known, so it writes no manifest.</summary>
internal abstract class MemberSerializer : ValueSerializer
{
    public override void WriteManifest(Stream stream, SerializerSession session) => throw new NotSupportedException("a member has no manifest");

    public override Type GetElementType() => throw new NotSupportedException("a member has no manifest");
}

internal sealed class TextSerializer : MemberSerializer
{
    public override void WriteValue(Stream stream, object value, SerializerSession session)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes((string)value);
        WireCount.Write(stream, bytes.Length);
        stream.Write(bytes);
    }

    public override object ReadValue(Stream stream, DeserializerSession session)
    {
        var bytes = new byte[WireCount.Read(stream)];
        stream.ReadExactly(bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }
}

internal sealed class DurationSerializer(ValueSerializer ticks) : MemberSerializer
{
    public override void WriteValue(Stream stream, object value, SerializerSession session) => ticks.WriteValue(stream, ((TimeSpan)value).Ticks, session);

    public override object ReadValue(Stream stream, DeserializerSession session) => new TimeSpan((long)ticks.ReadValue(stream, session));
}

internal sealed class EnumSerializer(Type type, ValueSerializer number) : MemberSerializer
{
    public override void WriteValue(Stream stream, object value, SerializerSession session) => number.WriteValue(stream, Convert.ToInt64(value, null), session);

    public override object ReadValue(Stream stream, DeserializerSession session)
    {
        var value = Enum.ToObject(type, (long)number.ReadValue(stream, session));
        return Enum.IsDefined(type, value) ? value : throw new SerializationException($"{value} is no {type.Name}");
    }
}

internal sealed class ActorRefSerializer(ValueSerializer path, ExtendedActorSystem system) : MemberSerializer
{
    public override void WriteValue(Stream stream, object value, SerializerSession session) =>
        path.WriteValue(stream, Akka.Serialization.Serialization.SerializedActorPath((IActorRef)value), session);

    public override object ReadValue(Stream stream, DeserializerSession session) => system.Provider.ResolveActorRef((string)path.ReadValue(stream, session));
}

/// <summary>A value or reference that may be null: one byte says whether it follows.</summary>
internal sealed class OptionalSerializer(ValueSerializer present) : MemberSerializer
{
    public override void WriteValue(Stream stream, object? value, SerializerSession session)
    {
        stream.WriteByte(value is null ? (byte)0 : (byte)1);
        if (value is not null)
        {
            present.WriteValue(stream, value, session);
        }
    }

    public override object? ReadValue(Stream stream, DeserializerSession session) => stream.ReadByte() switch
    {
        0 => null,
        1 => present.ReadValue(stream, session),
        var flag => throw new SerializationException($"{flag} is no presence flag"),
    };
}

internal sealed class ListSerializer(Type elementType, ValueSerializer element) : MemberSerializer
{
    public override void WriteValue(Stream stream, object value, SerializerSession session)
    {
        var items = ((System.Collections.IEnumerable)value).Cast<object>().ToList();
        WireCount.Write(stream, items.Count);
        foreach (var item in items)
        {
            element.WriteValue(stream, item, session);
        }
    }

    public override object ReadValue(Stream stream, DeserializerSession session)
    {
        var items = Array.CreateInstance(elementType, WireCount.Read(stream));
        for (var i = 0; i < items.Length; i++)
        {
            items.SetValue(element.ReadValue(stream, session), i);
        }

        return items;
    }
}

internal sealed class MapSerializer<T>(ValueSerializer key, ValueSerializer element) : MemberSerializer
{
    public override void WriteValue(Stream stream, object value, SerializerSession session)
    {
        var map = (IReadOnlyDictionary<string, T>)value;
        WireCount.Write(stream, map.Count);
        foreach (var (name, item) in map)
        {
            key.WriteValue(stream, name, session);
            element.WriteValue(stream, item!, session);
        }
    }

    public override object ReadValue(Stream stream, DeserializerSession session)
    {
        var count = WireCount.Read(stream);
        var map = new Dictionary<string, T>(count, StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            map.Add((string)key.ReadValue(stream, session), (T)element.ReadValue(stream, session));
        }

        return map;
    }
}
