using Intellect3.Kernels.Numerics;

namespace Intellect3.Kernels.Gemm;

/// <summary>Reads a panel of one storage.</summary>
internal unsafe interface IPanel<T>
    where T : struct, ILanes<T>
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    /// <summary>A vector at an element's offset.</summary>
    static abstract T Load(byte* panel, nint element);
}
