using System.IO.Hashing;

namespace Intellect3.Actors.Transport;

/// <summary>An XxHash128 of content: finds damage on the way, proves no identity.</summary>
public readonly record struct ContentHash(ulong High, ulong Low)
{
    public static ContentHash Of(ReadOnlySpan<byte> bytes)
    {
        var hash = XxHash128.HashToUInt128(bytes);
        return new ContentHash((ulong)(hash >> 64), (ulong)hash);
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}
