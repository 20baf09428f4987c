using System.Runtime.InteropServices;

namespace Intellect3.Model.Parameters;

/// <summary>
/// The parameters of one policy version: one flat float32 vector in native memory, 64-byte aligned. Reference-counted: whoever creates or
/// <see cref="AddReference"/>s it disposes it once, and the memory goes with the last.
/// </summary>
/// <remarks>Filled by its creator before it is shared, immutable after; any thread may read it.</remarks>
public sealed unsafe class ParameterSet : IDisposable
{
    private const nuint Alignment = 64;

    private float* _memory;
    private int _references = 1;

    /// <summary>Allocates a zeroed vector.</summary>
    public ParameterSet(ParameterLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        var bytes = checked((nuint)layout.Count * sizeof(float));
        _memory = (float*)NativeMemory.AlignedAlloc(Math.Max(bytes, Alignment), Alignment);
        NativeMemory.Clear(_memory, bytes);
    }

    public ParameterLayout Layout { get; }

    /// <summary>The whole vector.</summary>
    /// <exception cref="ObjectDisposedException">The last reference is gone.</exception>
    public Span<float> Values => new(Address, checked((int)Layout.Count));

    /// <summary>True while there is more than one reference. The holder of the only one may fill the vector again.</summary>
    public bool IsShared => Volatile.Read(ref _references) > 1;

    /// <summary>The address of the vector, valid while a reference is held.</summary>
    public float* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_memory is null, this);
            return _memory;
        }
    }

    /// <summary>One tensor, row-major.</summary>
    public Span<float> this[string name]
    {
        get
        {
            var spec = Layout[name];
            return Values.Slice((int)spec.Offset, (int)spec.Count);
        }
    }

    /// <summary>Some values as memory for I/O, valid while a reference is held.</summary>
    public Memory<byte> Bytes(int start, int count)
    {
        _ = Values.Slice(start, count);
        return new ParameterMemory(this, start, count).Memory;
    }

    /// <summary>Takes one more reference and returns this.</summary>
    /// <exception cref="ObjectDisposedException">The last reference is gone.</exception>
    public ParameterSet AddReference()
    {
        int current;
        do
        {
            current = Volatile.Read(ref _references);
            ObjectDisposedException.ThrowIf(current == 0, this);
        }
        while (Interlocked.CompareExchange(ref _references, current + 1, current) != current);

        return this;
    }

    /// <summary>A copy of its own, owned by the caller.</summary>
    public ParameterSet Clone()
    {
        var copy = new ParameterSet(Layout);
        Values.CopyTo(copy.Values);
        return copy;
    }

    /// <summary>Gives one reference back.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            NativeMemory.AlignedFree(_memory);
            _memory = null;
        }
    }
}
