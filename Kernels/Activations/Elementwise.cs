using System.Numerics;

namespace Intellect3.Kernels.Activations;

/// <summary>Sums of vectors.</summary>
public static class Elementwise
{
    /// <summary><c>target += addend</c>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Add(Span<float> target, ReadOnlySpan<float> addend)
    {
        if (target.Length != addend.Length)
        {
            throw new ArgumentException($"{addend.Length} elements cannot be added to {target.Length}");
        }

        var i = 0;
        for (; i <= target.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(target[i..]) + new Vector<float>(addend[i..])).CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] += addend[i];
        }
    }
}
