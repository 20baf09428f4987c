using System.Security.Cryptography;

namespace Intellect3.Model.Native;

/// <summary>Keeps the patched copy of a native library in a private cache, named by the hash of the original. The original is never touched.</summary>
internal static class PatchedCopy
{
    /// <summary>The path of the copy, written now or found equal to what would be written.</summary>
    /// <exception cref="TorchNativeException">The library cannot be patched, or the cache cannot be written.</exception>
    public static string Ensure(string library, string cacheFolder, string version)
    {
        byte[] original, patched;
        try
        {
            original = File.ReadAllBytes(library);
            patched = ElfVersionNeeds.MarkWeak(original, version);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or OverflowException)
        {
            throw new TorchNativeException($"{library} needs {version} (GCC 13.2) of libstdc++, which this system lacks, and cannot be adapted: {exception.Message}. Use a system with a newer libstdc++ (Debian 13, Ubuntu 24.04).");
        }

        var folder = Path.Combine(cacheFolder, Convert.ToHexStringLower(SHA256.HashData(original)));
        var copy = Path.Combine(folder, Path.GetFileName(library));
        try
        {
            if (!IsEqual(copy, patched))
            {
                Write(folder, copy, patched);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TorchNativeException(
                $"{library} needs {version} (GCC 13.2) of libstdc++, which this system lacks; an adapted copy could not be written to {folder}: {exception.Message} " +
                $"Name a writable folder in {TorchNative.CacheVariable}, or use a system with a newer libstdc++ (Debian 13, Ubuntu 24.04).");
        }

        return copy;
    }

    private static bool IsEqual(string path, byte[] expected) =>
        File.Exists(path) && new FileInfo(path).Length == expected.Length && File.ReadAllBytes(path).AsSpan().SequenceEqual(expected);

    /// <summary>Processes that race write equal bytes, and the rename is atomic.</summary>
    private static void Write(string folder, string path, byte[] bytes)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("only ELF libraries are patched");
        }

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, OwnerOnly);
        var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
