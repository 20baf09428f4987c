using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Intellect3.Cluster.Host.Settings;
using Intellect3.Kernels.Features;
using Intellect3.Model.Native;

namespace Intellect3.Cluster.Host.Diagnosis;

/// <summary>Looks at the machine, one finding a question.</summary>
internal static class MachineChecks
{
    /// <summary>Where a node listens unless told otherwise: Akka's port and the HTTP port.</summary>
    private static readonly int[] Ports = [5110, 9110];

    private const double GiB = 1L << 30;
    private const double NeededGiB = 2;

    /// <summary>Every check, in order. None throws.</summary>
    public static IEnumerable<Finding> Run() =>
    [
        Runtime(),
        Cpu(CpuName(), KernelPaths.Best),
        Cores(Environment.ProcessorCount),
        Memory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / GiB),
        Torch(TorchNative.Status),
        .. Ports.Select(Port),
        Writable("cache", TorchNative.CacheFolder(), $"Set {TorchNative.CacheVariable} to a folder that can be written to."),
        Writable("folder", Environment.CurrentDirectory, "Runs are written below the working directory: change to another, or give --run-dir."),
        Hocon(RecipeFolder.HoconFolder),
    ];

    public static Finding Cpu(string name, KernelPath path) =>
        path == KernelPath.Portable
            ? new("cpu", Finding.Warn, $"{name}; kernels {KernelPaths.Name(path)}", "No vector instructions that the kernels know (AVX2 with FMA, AVX-512F, AdvSimd): runs will be slow.")
            : new("cpu", Finding.Ok, $"{name}; kernels {KernelPaths.Name(path)} of {string.Join(", ", KernelPaths.Supported.Select(KernelPaths.Name))}{(Avx512Bf16 ? "; bf16 arithmetic in libtorch" : "")}");

    public static Finding Cores(int cores) =>
        cores >= 2 ? new("cores", Finding.Ok, $"{cores}") : new("cores", Finding.Warn, $"{cores}", "Rollouts and trainer will take turns: give the process two cores or more.");

    public static Finding Memory(double gibibytes) =>
        gibibytes >= NeededGiB
            ? new("memory", Finding.Ok, $"{gibibytes:0.0} GiB")
            : new("memory", Finding.Warn, $"{gibibytes:0.0} GiB", $"The recipes need up to {NeededGiB} GiB: give the process more, or lower rollout.cache-tokens.");

    public static Finding Torch(TorchNativeStatus status) =>
        status.Failure is { } failure ? new("libtorch", Finding.Fail, "cannot be loaded", failure)
        : status.IsPatched ? new("libtorch", Finding.Ok, $"a copy of {status.LibraryPath} that this older system can load: {status.CopyPath}")
        : new("libtorch", Finding.Ok, status.LibraryPath ?? "loaded by TorchSharp itself on this system");

    /// <summary>Whether a node could listen on a port of this machine.</summary>
    public static Finding Port(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return new("port", Finding.Ok, $"{port} is free");
        }
        catch (SocketException e)
        {
            return new("port", Finding.Warn, $"{port}: {e.Message}", "Another node may be running. End it, or give a new one other ports.");
        }
    }

    /// <summary>Whether a file can be written in a folder, which is made where it is missing.</summary>
    public static Finding Writable(string check, string folder, string remedy)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".intellect3-{Environment.ProcessId}");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return new(check, Finding.Ok, $"{folder} can be written to");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(check, Finding.Fail, $"{folder} cannot be written to: {e.Message}", remedy);
        }
    }

    private static Finding Runtime() =>
        new("runtime", Finding.Ok, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()})");

    private static Finding Hocon(string folder)
    {
        try
        {
            var recipes = RecipeFolder.All();
            foreach (var recipe in recipes)
            {
                SettingsLoader.Load(recipe.Name, []);
            }

            return new("hocon", Finding.Ok, $"{folder}: {string.Join(", ", recipes.Select(recipe => recipe.Name))}");
        }
        catch (CommandException e)
        {
            return new("hocon", Finding.Fail, e.Message, e.Remedy);
        }
    }

    private static bool Avx512Bf16 => X86Base.IsSupported && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0;

    // Linux says it in /proc; elsewhere the architecture must do.
    private static string CpuName()
    {
        const string cpuInfo = "/proc/cpuinfo";
        var line = File.Exists(cpuInfo) ? File.ReadLines(cpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
