namespace Intellect3.Environments.Packages;

/// <summary>How big a package may be; what is bigger is refused before it fills a disk.</summary>
public sealed record PackageLimits
{
    public static PackageLimits Default { get; } = new();

    /// <summary>The package file. [bytes]</summary>
    public long PackedBytes { get; init; } = 64L << 20;

    /// <summary>Everything in it. [bytes]</summary>
    public long UnpackedBytes { get; init; } = 256L << 20;

    /// <summary>Files in it.</summary>
    public int Files { get; init; } = 2000;
}
