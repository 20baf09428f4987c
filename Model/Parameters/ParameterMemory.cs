using System.Buffers;
using System.Runtime.InteropServices;

namespace Intellect3.Model.Parameters;

/// <summary>A slice of a parameter vector as bytes, for I/O that fills or reads it. Valid while a reference to the set is held.</summary>
internal sealed unsafe class ParameterMemory(ParameterSet parameters, int start, int count) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(parameters.Values.Slice(start, count));

    /// <summary>Native memory does not move.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)(parameters.Address + start) + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
