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

    /// <summary>What changed between two sets of one layout; null when it does not pay, or the layouts differ. Passes over both, so never on the thread pool.</summary>
    public static byte[]? DeltaBetween(ParameterSet from, ParameterSet to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return from.Layout.Count == to.Layout.Count ? ParameterDelta.Encode(MemoryMarshal.Cast<float, uint>(from.Values), MemoryMarshal.Cast<float, uint>(to.Values)) : null;
    }

    /// <summary>Opens a set whose digest is known.</summary>
    public static ParameterContent Open(ParameterSet parameters, ContentDigest digest) => new(parameters, digest);

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
