using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Intellect3.Model.Files.Safetensors;

/// <summary>
/// Reads a safetensors file: an 8-byte length, a JSON header, then the tensors' bytes. The header is held against the file when it is opened; data is
/// read when it is asked for, into the caller's memory. Any thread may read; its opener disposes it.
/// </summary>
/// <remarks>Read rather than mapped: a file that is cut short under a mapping kills the process.</remarks>
public sealed class SafetensorsFile : IDisposable
{
    private const int ChunkElements = 1 << 16;

    private readonly SafeFileHandle _handle;
    private readonly SortedDictionary<string, TensorEntry> _entries = new(StringComparer.Ordinal);

    private SafetensorsFile(string path, SafeFileHandle handle) => (Path, _handle) = (path, handle);

    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => _entries;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="SafetensorsException">It is damaged or of another kind.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = new SafetensorsFile(path, File.OpenHandle(path));
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A tensor as float32, from F32, F16, BF16 or F64.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="target">Receives its elements; of exactly their number.</param>
    /// <exception cref="SafetensorsException">There is none of that name, of that many elements, or of such a type.</exception>
    public void ReadSingles(string name, Span<float> target)
    {
        var entry = Entry(name);
        if (entry.Count != target.Length)
        {
            throw new SafetensorsException(Path, $"tensor '{name}' has {entry.Count} elements, not {target.Length}");
        }

        switch (entry.Type)
        {
            case "F32": ReadConverted<float>(entry, target, value => value); break;
            case "BF16": ReadConverted<ushort>(entry, target, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)); break;
            case "F16": ReadConverted<Half>(entry, target, half => (float)half); break;
            case "F64": ReadConverted<double>(entry, target, value => (float)value); break;
            default: throw new SafetensorsException(Path, $"tensor '{name}' is {entry.Type}; weights are F32, F16, BF16 or F64");
        }
    }

    /// <summary>A tensor's elements as they are stored: <c>long</c> for I64, <c>double</c> for F64, <c>float</c> for F32.</summary>
    /// <exception cref="SafetensorsException">There is none of that name and type.</exception>
    public T[] ReadArray<T>(string name)
        where T : unmanaged
    {
        var entry = Entry(name);
        var stored = entry.Type switch { "F32" => typeof(float), "F64" => typeof(double), "I64" => typeof(long), "I32" => typeof(int), _ => null };
        if (stored != typeof(T))
        {
            throw new SafetensorsException(Path, $"tensor '{name}' is {entry.Type}, not {typeof(T).Name}");
        }

        var result = new T[entry.Count];
        for (var start = 0; start < result.Length; start += ChunkElements)
        {
            ReadChunk<T>(entry, start, result.AsSpan(start, Math.Min(ChunkElements, result.Length - start)));
        }

        return result;
    }

    public void Dispose() => _handle.Dispose();

    private TensorEntry Entry(string name) => _entries.TryGetValue(name, out var entry) ? entry : throw new SafetensorsException(Path, $"has no tensor '{name}'");

    private void ReadConverted<T>(TensorEntry entry, Span<float> target, Func<T, float> convert)
        where T : unmanaged
    {
        var stored = new T[Math.Min(ChunkElements, target.Length)];
        for (var start = 0; start < target.Length; start += ChunkElements)
        {
            var part = target.Slice(start, Math.Min(ChunkElements, target.Length - start));
            ReadChunk<T>(entry, start, stored.AsSpan(0, part.Length));
            for (var i = 0; i < part.Length; i++)
            {
                part[i] = convert(stored[i]);
            }
        }
    }

    /// <summary>Chunks, because a span of bytes cannot be as long as one of elements.</summary>
    private void ReadChunk<T>(TensorEntry entry, long firstElement, Span<T> target)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(target);
        if (Read(bytes, entry.Start + (firstElement * (bytes.Length / target.Length))) < bytes.Length)
        {
            throw new SafetensorsException(Path, "was cut short while it was read");
        }
    }

    private int Read(Span<byte> target, long offset)
    {
        var read = 0;
        while (read < target.Length && RandomAccess.Read(_handle, target[read..], offset + read) is > 0 and var more)
        {
            read += more;
        }

        return read;
    }

    private void ReadHeader()
    {
        var length = RandomAccess.GetLength(_handle);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.Prefix];
        var header = new byte[SafetensorsHeader.ReadLength(prefix[..Read(prefix, 0)], length, Path)];
        Read(header, SafetensorsHeader.Prefix);
        foreach (var entry in SafetensorsHeader.Parse(header, length - SafetensorsHeader.Prefix - header.Length, Path))
        {
            _entries.Add(entry.Name, entry);
        }
    }
}
