using System.Collections.Concurrent;
using TorchSharp;

namespace Intellect3.Model.Networks;

/// <summary>
/// Torch scalars that live as long as the process. TorchSharp 0.107 hands a scalar's handle to native code without keeping the object alive, so one made for a
/// call (also the hidden <c>alpha</c> of <c>a + b</c>) can be finalised while the call reads it: rarely, and then fatally. Operations on the hot path take these.
/// </summary>
internal static class KeptScalar
{
    private static readonly ConcurrentDictionary<double, Scalar> Kept = new();

    /// <summary>The factor of an addition.</summary>
    public static Scalar One { get; } = Of(1);

    /// <summary>The scalar of a constant; there are few.</summary>
    public static Scalar Of(double value) => Kept.GetOrAdd(value, v => v.ToScalar());

    /// <summary>a + b.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, torch.Tensor b) => a.add(b, One);
}
