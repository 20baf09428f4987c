using System.Runtime.CompilerServices;
using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Gemm;

/// <summary>A panel of float32.</summary>
internal readonly unsafe struct FloatPanel<T> : IPanel<T>
    where T : struct, ILanes<T>
{
    public static int Size => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(byte* panel, nint element) => T.Load((float*)panel + element);
}
