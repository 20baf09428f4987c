using System.Runtime.InteropServices;

namespace Intellect3.Model.Files;

/// <summary>Writes a folder as a whole: under a temporary name beside its own, flushed, then renamed. A reader sees all of it or none.</summary>
public static partial class AtomicFolder
{
    /// <summary>What the temporary name begins with; such a folder is left over from a crash and means nothing.</summary>
    public const string TemporaryPrefix = ".writing-";

    /// <summary>Calls <paramref name="write"/>, which flushes its files (<see cref="AtomicFile"/>), with a temporary folder and renames it to <paramref name="path"/>, replacing what is there.</summary>
    /// <exception cref="IOException">It could not be written; nothing half-written stays, and what was there is as it was.</exception>
    public static void Write(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        path = Path.GetFullPath(path);
        var parent = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(parent);
        var temporary = Path.Combine(parent, $"{TemporaryPrefix}{Path.GetFileName(path)}-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(temporary);
            write(temporary);
            foreach (var folder in Directory.GetDirectories(temporary, "*", SearchOption.AllDirectories).Append(temporary))
            {
                Flush(folder);
            }

            if (Directory.Exists(path))
            {
                Replace(path, temporary);
            }
            else
            {
                Directory.Move(temporary, path);
            }

            Flush(parent);
        }
        catch
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }

            throw;
        }
    }

    private static void Replace(string path, string temporary)
    {
        var old = temporary + ".old";
        Directory.Move(path, old);
        try
        {
            Directory.Move(temporary, path);
        }
        catch
        {
            Directory.Move(old, path);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }

    /// <summary>Flushes a folder's entries, so that a rename survives a power cut; a folder that cannot be opened so (Windows) needs none.</summary>
    internal static void Flush(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return;
        }

        var handle = Open(path, 0);
        if (handle >= 0)
        {
            _ = Sync(handle);
            _ = Close(handle);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
