namespace Intellect3.Kernels.Features;

/// <summary>An instruction set that the kernels run on. Every path gives the same bits; they differ in speed alone.</summary>
public enum KernelPath
{
    /// <summary>Scalar code, on any machine.</summary>
    Portable,

    /// <summary>128-bit vectors of ARM64.</summary>
    AdvSimd,

    /// <summary>256-bit vectors of x86 with AVX2 and FMA.</summary>
    Avx2,

    /// <summary>512-bit vectors of x86 with AVX-512F.</summary>
    Avx512,
}
