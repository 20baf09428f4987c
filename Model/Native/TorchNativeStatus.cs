namespace Intellect3.Model.Native;

/// <summary>What came of loading libtorch.</summary>
/// <param name="LibraryPath">The stock library; null where it was not found or none is needed.</param>
/// <param name="IsPatched">True when a copy with one weakened version need was loaded.</param>
/// <param name="CopyPath">That copy.</param>
/// <param name="Failure">Why nothing could be loaded: what, why and what to do; null on success.</param>
public sealed record TorchNativeStatus(string? LibraryPath, bool IsPatched, string? CopyPath, string? Failure)
{
    /// <summary>A system on which TorchSharp loads its library by itself.</summary>
    public static TorchNativeStatus NotNeeded { get; } = new(null, false, null, null);
}
