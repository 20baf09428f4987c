using System.Runtime.InteropServices;
using Intellect3.Actors.Transport;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>A parameter vector as bytes, little-endian float32. Holds a reference to the set until it is disposed.</summary>
public sealed class ParameterContent : IByteContent
{
    private readonly ParameterSet _parameters;

    private ParameterContent(ParameterSet parameters, ContentDigest digest)
    {
        _parameters = parameters.AddReference();
        Digest = digest;
    }

    public ContentDigest Digest { get; }

    /// <summary>Hashes a set; one pass over its memory, so never on the thread pool.</summary>
    public static ContentDigest DigestOf(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return ContentDigest.Of(parameters.Layout.Count * sizeof(float), (offset, destination) => Copy(parameters, offset, destination));
    }

    /// <summary>Opens a set whose digest is known.</summary>
    public static ParameterContent Open(ParameterSet parameters, ContentDigest digest) => new(parameters, digest);

    /// <summary>Writes bytes into a set that is being filled.</summary>
    /// <param name="offset">A multiple of 4, as is the number of bytes.</param>
    public static void Write(ParameterSet parameters, long offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        bytes.CopyTo(MemoryMarshal.AsBytes(parameters.Values.Slice(checked((int)(offset / sizeof(float))), bytes.Length / sizeof(float))));
    }

    public void Read(long offset, Span<byte> destination) => Copy(_parameters, offset, destination);

    public void Dispose() => _parameters.Dispose();

    // The vector may have more bytes than a span can: slice elements first, then look at those as bytes.
    private static void Copy(ParameterSet parameters, long offset, Span<byte> destination)
    {
        var within = (int)(offset % sizeof(float));
        var elements = parameters.Values.Slice(checked((int)(offset / sizeof(float))), (within + destination.Length + sizeof(float) - 1) / sizeof(float));
        MemoryMarshal.AsBytes(elements).Slice(within, destination.Length).CopyTo(destination);
    }
}
