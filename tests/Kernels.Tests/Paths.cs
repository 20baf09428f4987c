using Intellect3.Kernels.Features;

namespace Intellect3.Kernels.Tests;

/// <summary>The paths of this machine; those it lacks are listed by a skipped test, not passed over in silence.</summary>
public sealed class Paths
{
    /// <summary>
    /// Every path, those this machine lacks too: vectors wider or other than its own are emulated, slowly, and must have the same bits.
    /// </summary>
    public static IReadOnlyList<KernelPath> All { get; } = Enum.GetValues<KernelPath>();

    [SkippableTheory]
    [InlineData(KernelPath.Portable)]
    [InlineData(KernelPath.AdvSimd)]
    [InlineData(KernelPath.Avx2)]
    [InlineData(KernelPath.Avx512)]
    public void This_machine_has(KernelPath path)
    {
        Skip.IfNot(KernelPaths.IsSupported(path), $"this machine has no {KernelPaths.Name(path)}");
        Assert.Equal(path, KernelPaths.Parse(KernelPaths.Name(path)));
    }

    [Fact]
    public void Auto_is_no_path_and_an_unknown_name_lists_the_known_ones()
    {
        Assert.Null(KernelPaths.Parse("auto"));
        Assert.Contains("avx2", Assert.Throws<NotSupportedException>(() => KernelPaths.Parse("sse")).Message, StringComparison.Ordinal);
    }
}
