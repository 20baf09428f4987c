namespace Intellect3.Model.Files;

/// <summary>Writes a file as a whole: under a temporary name beside its own, flushed to disk, then renamed. A reader sees all of it or none.</summary>
public static class AtomicFile
{
    /// <summary>Calls <paramref name="write"/> with a new file and renames it to <paramref name="path"/>, replacing what is there.</summary>
    /// <exception cref="IOException">It could not be written; nothing half-written stays, and what was there is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        var temporary = Path.Combine(folder, $"{AtomicFolder.TemporaryPrefix}{Path.GetFileName(path)}-{Guid.NewGuid():N}");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        AtomicFolder.Flush(folder);
    }

    /// <summary>Writes a text in UTF-8.</summary>
    /// <exception cref="IOException">It could not be written; nothing half-written stays, and what was there is as it was.</exception>
    public static void WriteText(string path, string text) => Write(path, file => file.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
