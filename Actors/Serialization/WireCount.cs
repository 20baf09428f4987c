using System.Buffers.Binary;
using System.Runtime.Serialization;

namespace Intellect3.Actors.Serialization;

/// <summary>The length that goes before a text or a collection.</summary>
internal static class WireCount
{
    public static void Write(Stream stream, int count)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, count);
        stream.Write(bytes);
    }

    /// <summary>Reads a count; nothing is allocated for one that the rest of the stream cannot hold.</summary>
    /// <exception cref="SerializationException">It is negative, or more than the bytes that follow.</exception>
    public static int Read(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        stream.ReadExactly(bytes);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return count >= 0 && count <= stream.Length - stream.Position
            ? count
            : throw new SerializationException($"{count} elements are announced, {stream.Length - stream.Position} bytes follow");
    }
}
