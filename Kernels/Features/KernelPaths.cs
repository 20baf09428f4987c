using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Intellect3.Kernels.Features;

/// <summary>Which paths this machine has, and their names.</summary>
public static class KernelPaths
{
    /// <summary>The paths that run here, slowest first.</summary>
    public static IReadOnlyList<KernelPath> Supported { get; } = [.. Enum.GetValues<KernelPath>().Where(IsSupported)];

    /// <summary>The fastest of them.</summary>
    public static KernelPath Best => Supported[^1];

    public static bool IsSupported(KernelPath path) => path switch
    {
        KernelPath.Avx512 => Avx512F.IsSupported,
        KernelPath.Avx2 => Avx2.IsSupported && Fma.IsSupported,
        KernelPath.AdvSimd => AdvSimd.Arm64.IsSupported,
        _ => true,
    };

    /// <summary>The name used in settings and summaries.</summary>
    public static string Name(KernelPath path) => path switch
    {
        KernelPath.Avx512 => "avx512",
        KernelPath.Avx2 => "avx2",
        KernelPath.AdvSimd => "advsimd",
        _ => "portable",
    };

    /// <summary>The path of that name; null for <c>auto</c>.</summary>
    /// <exception cref="NotSupportedException">The name is unknown, or this machine lacks the path; the message names those it has.</exception>
    public static KernelPath? Parse(string name)
    {
        if (name == "auto")
        {
            return null;
        }

        foreach (var path in Enum.GetValues<KernelPath>())
        {
            if (Name(path) == name)
            {
                return IsSupported(path) ? path : throw new NotSupportedException($"this machine has no {name}; it has {string.Join(", ", Supported.Select(Name))}");
            }
        }

        throw new NotSupportedException($"no kernels are named '{name}'; there are auto, {string.Join(", ", Enum.GetValues<KernelPath>().Select(Name))}");
    }
}
