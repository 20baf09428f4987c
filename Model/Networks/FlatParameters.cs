using System.Runtime.InteropServices;
using Intellect3.Model.Parameters;
using static TorchSharp.torch;

namespace Intellect3.Model.Networks;

/// <summary>
/// A flat float32 vector as a torch tensor. Every tensor of a <see cref="Decoder"/> is a view into it, so optimizer, snapshot and reduction are passes
/// over plain memory. Used by one device; disposed by its owner.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    /// <summary>A zeroed vector, on the CPU unless another device is named.</summary>
    public FlatParameters(ParameterLayout layout, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        Tensor = zeros(layout.Count, ScalarType.Float32, device).DetachFromDisposeScope();
    }

    public ParameterLayout Layout { get; }

    /// <summary>[parameters]</summary>
    public Tensor Tensor { get; }

    /// <summary>The memory of the tensor, which is on the CPU.</summary>
    public Span<float> Values => MemoryMarshal.Cast<byte, float>(Tensor.bytes);

    /// <summary>A shaped view of the elements from <paramref name="offset"/> on; the caller disposes it.</summary>
    public Tensor View(long offset, params long[] shape) =>
        Tensor.narrow(0, offset, shape.Aggregate(1L, (product, size) => product * size)).view(shape);

    public void Dispose() => Tensor.Dispose();
}
