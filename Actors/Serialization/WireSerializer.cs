using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Akka.Serialization;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Serialization;

/// <summary>
/// Akka's serializer of every <see cref="IWireMessage"/>: Hyperion with registered known types, an allow-list, and serializers of our own for what a
/// message may contain. The manifest is <c>protocol/version/type</c>; a node that does not know it refuses the message.
/// </summary>
/// <remarks>Thread-safe. Bytes that are not a message of a known protocol give a <see cref="SerializationException"/>, whatever they are.</remarks>
public sealed class WireSerializer : SerializerWithStringManifest
{
    /// <summary>The most bytes of a message: control messages are small, bytes travel over <see cref="Transport.IByteChannel"/>.</summary>
    public const int MaxMessageBytes = 64 * 1024;

    internal const string WrittenName = "intellect3.wire.messages";
    internal const string TypeTag = "type";

    private static readonly Meter Meter = new("Intellect3.Actors.Serialization");
    private static readonly Counter<long> Written = Meter.CreateCounter<long>(WrittenName, "{message}", "Wire messages written, by type");
    private static long _largestMessageBytes;

    private readonly WireTypes _types;
    private readonly FrozenDictionary<string, ProtocolSerializer> _protocols;

    static WireSerializer() => Meter.CreateObservableGauge("intellect3.wire.largest_message", () => LargestMessageBytes, "By", "The largest wire message written so far");

    /// <summary>Akka calls this one.</summary>
    public WireSerializer(ExtendedActorSystem system)
        : this(system, WireTypes.Default)
    {
    }

    internal WireSerializer(ExtendedActorSystem system, WireTypes types)
        : base(system)
    {
        _types = types;
        _protocols = types.All.GroupBy(t => t.Protocol, StringComparer.Ordinal)
            .ToFrozenDictionary(p => p.Key, p => new ProtocolSerializer([.. p.Select(t => t.Type)], system), StringComparer.Ordinal);
    }

    /// <summary>The size of the largest message that this process has written. [bytes]</summary>
    public static long LargestMessageBytes => Volatile.Read(ref _largestMessageBytes);

    public override int Identifier => 1100;

    /// <exception cref="SerializationException">The type is no wire type.</exception>
    public override string Manifest(object o)
    {
        ArgumentNullException.ThrowIfNull(o);
        return WireTypeOf(o).Manifest;
    }

    /// <exception cref="SerializationException">The type is no wire type, a member that must be set is null, or the message is too large.</exception>
    public override byte[] ToBinary(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        var type = WireTypeOf(obj);
        var bytes = _protocols[type.Protocol].Write(obj);
        if (bytes.Length > MaxMessageBytes)
        {
            // The sender of a remote message never sees an exception: Akka drops the message with one line of its own.
            system.Log.Error("A {0} of {1} bytes was not sent: a message may have {2} bytes, send a reference and pull the content over the byte channel", type.Manifest, bytes.Length, MaxMessageBytes);
            throw new SerializationException($"{type.Manifest} has {bytes.Length} bytes, more than {MaxMessageBytes}");
        }

        RecordSize(bytes.Length);
        Written.Add(1, new KeyValuePair<string, object?>(TypeTag, type.Manifest));
        return bytes;
    }

    /// <exception cref="SerializationException">The manifest is unknown here, or the bytes are not such a message.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var type = _types.Find(manifest) ?? throw new SerializationException($"this node does not know messages of the kind '{manifest}': it runs another version or none of that protocol");
        if (bytes.Length > MaxMessageBytes)
        {
            throw new SerializationException($"a {manifest} of {bytes.Length} bytes was refused: a message may have {MaxMessageBytes} bytes");
        }

        try
        {
            return _protocols[type.Protocol].Read(bytes, type.Type);
        }
        catch (Exception exception) when (exception is not SerializationException)
        {
            // Any other exception would make Akka tear the association down.
            throw new SerializationException($"the bytes are no {manifest}: {exception.Message}", exception);
        }
    }

    private static void RecordSize(long bytes)
    {
        long seen;
        while ((seen = LargestMessageBytes) < bytes && Interlocked.CompareExchange(ref _largestMessageBytes, bytes, seen) != seen)
        {
        }
    }

    private WireType WireTypeOf(object message) =>
        _types.Find(message.GetType()) ?? throw new SerializationException($"{message.GetType()} is no wire type: a message that crosses nodes is a sealed record of the Actors assembly that implements {nameof(IWireMessage)} through a protocol");
}
