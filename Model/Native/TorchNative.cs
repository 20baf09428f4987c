using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Intellect3.Model.Native;

/// <summary>
/// Makes TorchSharp's native library loadable before anything touches <c>TorchSharp.torch</c>. On Linux systems older than GCC 13 (Debian 12, Ubuntu
/// 22.04) the stock library is refused for a symbol version that nothing in it uses; a private copy with that need marked weak is loaded instead.
/// </summary>
public static class TorchNative
{
    /// <summary>Overrides the folder of the patched copy.</summary>
    public const string CacheVariable = "INTELLECT3_NATIVE_CACHE";

    private const string Library = "LibTorchSharp";
    private const string FileName = "libLibTorchSharp.so";
    private const string MissingVersion = "GLIBCXX_3.4.32";

    private static readonly string[] Dependencies = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static nint _handle;

    /// <summary>What came of loading; the <c>doctor</c> prints it.</summary>
    public static TorchNativeStatus Status { get; private set; } = TorchNativeStatus.NotNeeded;

    /// <exception cref="TorchNativeException">The library could not be loaded; says what, why and what to do.</exception>
    public static void EnsureLoaded()
    {
        if (Status.Failure is { } failure)
        {
            throw new TorchNativeException(failure);
        }
    }

    /// <summary>Starts libtorch, and says which it is; the <c>doctor</c> prints it.</summary>
    /// <exception cref="TorchNativeException">The library could not be loaded.</exception>
    public static TorchRuntime Describe()
    {
        EnsureLoaded();
        return new TorchRuntime(TorchSharp.torch.__version__, TorchSharp.torch.get_num_threads());
    }

    /// <summary>Runs when this assembly is first used, before any type of TorchSharp is.</summary>
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "Nothing else is sure to run before TorchSharp's static constructor, which is final for the process.")]
    internal static void Initialize()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        try
        {
            Status = Load(Find(), CacheFolder());
        }
        catch (TorchNativeException exception)
        {
            Status = new TorchNativeStatus(null, false, null, exception.Message);
        }
    }

    /// <summary>Loads the stock library, or a patched copy of it from the cache.</summary>
    internal static TorchNativeStatus Load(string path, string cacheFolder)
    {
        try
        {
            _handle = NativeLibrary.Load(path);
            return new TorchNativeStatus(path, false, null, null);
        }
        catch (DllNotFoundException exception) when (exception.Message.Contains(MissingVersion, StringComparison.Ordinal))
        {
            var copy = PatchedCopy.Ensure(path, cacheFolder, MissingVersion);
            foreach (var dependency in Dependencies.Select(d => Path.Combine(Path.GetDirectoryName(path)!, d)).Where(File.Exists))
            {
                // The copy's RPATH is its own folder; glibc finds what it needs among the libraries already loaded.
                NativeLibrary.Load(dependency);
            }

            _handle = NativeLibrary.Load(copy);
            Hook();
            return new TorchNativeStatus(path, true, copy, null);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new TorchNativeException($"libtorch cannot be loaded from {path}: {exception.Message.Split('\n')[0].Trim()}. Run 'intellect3 doctor' for what this system has.");
        }
    }

    private static void Hook()
    {
        // Both are needed: TorchSharp's own imports ask the first, its NativeLibrary.TryLoad probe only raises the second.
        NativeLibrary.SetDllImportResolver(Assembly.Load("TorchSharp"), (name, _, _) => name == Library ? _handle : 0);
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Library ? _handle : 0;
    }

    private static string Find()
    {
        var folders = ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"))
            .Append(AppContext.BaseDirectory);
        return folders.Select(f => Path.Combine(f, FileName)).FirstOrDefault(File.Exists)
            ?? throw new TorchNativeException($"{FileName} is not beside the program. Build with -p:TorchBackend=cpu (the default), or use a command that needs no trainer.");
    }

    /// <summary>Where the patched copy is kept.</summary>
    public static string CacheFolder()
    {
        if (Environment.GetEnvironmentVariable(CacheVariable) is { Length: > 0 } chosen)
        {
            return chosen;
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache))
        {
            var home = Environment.GetEnvironmentVariable("HOME");
            cache = string.IsNullOrEmpty(home) ? Path.GetTempPath() : Path.Combine(home, ".cache");
        }

        return Path.Combine(cache, "intellect3", "native");
    }
}
