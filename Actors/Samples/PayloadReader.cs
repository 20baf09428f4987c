using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Intellect3.Actors.Samples;

/// <summary>Reads a payload front to back; nothing is read or allocated beyond its bytes.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public T Read<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>()));

    public bool ReadFlag() => Read<byte>() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidPayloadException($"{other} is no flag"),
    };

    /// <summary>A count of elements that have at least so many bytes each.</summary>
    public int ReadCount(int elementBytes)
    {
        var count = Read<int>();
        return count >= 0 && count <= _rest.Length / elementBytes
            ? count
            : throw new InvalidPayloadException($"{count} elements are announced, {_rest.Length} bytes follow");
    }

    public T[] ReadArray<T>(int count)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Take(count * Unsafe.SizeOf<T>())).ToArray();

    public string ReadText() => Encoding.UTF8.GetString(Take(ReadCount(sizeof(byte))));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new InvalidPayloadException($"{count} bytes are missing at the end, {_rest.Length} are there");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
