namespace Intellect3.Kernels.Numerics;

/// <summary>
/// A vector of float32 lanes: the one abstraction that every kernel is written over, so that a path is a type argument and the JIT makes straight code of
/// it. Each operation acts on a lane as IEEE 754 says for one float, which is why all paths give the same bits.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
internal unsafe interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Lanes; divides 16.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a GEMM tile: as many as the registers hold beside the two columns of vectors.</summary>
    static abstract int TileRows { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Load(float* source);

    /// <summary>Widens bf16, the upper half of a float32.</summary>
    static abstract TSelf Load(ushort* source);

    static abstract TSelf Broadcast(float value);

    static abstract void Store(float* target, TSelf value);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf Subtract(TSelf a, TSelf b);

    static abstract TSelf Multiply(TSelf a, TSelf b);

    static abstract TSelf Divide(TSelf a, TSelf b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>2 to the power of an integral value in [-126, 127].</summary>
    static abstract TSelf PowerOfTwo(TSelf exponent);
}
