using System.Runtime.CompilerServices;
using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Gemm;

/// <summary>A panel of bf16.</summary>
internal readonly unsafe struct BFloat16Panel<T> : IPanel<T>
    where T : struct, ILanes<T>
{
    public static int Size => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(byte* panel, nint element) => T.Load((ushort*)panel + element);
}
