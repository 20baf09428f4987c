using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Intellect3.Model.Files.Safetensors;

/// <summary>Reads a safetensors file: an 8-byte length, a JSON header, then the tensors' bytes. Every length and offset is checked against the file. Not thread-safe; its opener disposes it.</summary>
public sealed class SafetensorsFile : IDisposable
{
    private const long LongestHeader = 100_000_000;

    private static readonly Dictionary<string, int> ElementSizes = new(StringComparer.Ordinal)
    {
        ["F64"] = 8, ["I64"] = 8, ["U64"] = 8, ["F32"] = 4, ["I32"] = 4, ["U32"] = 4, ["F16"] = 2, ["BF16"] = 2, ["I16"] = 2, ["U16"] = 2, ["I8"] = 1, ["U8"] = 1, ["BOOL"] = 1,
    };

    private readonly FileStream _file;
    private readonly SortedDictionary<string, TensorEntry> _entries = new(StringComparer.Ordinal);

    private SafetensorsFile(string path, FileStream file) => (Path, _file) = (path, file);

    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => _entries;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="SafetensorsException">It is damaged or of another kind.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = new SafetensorsFile(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
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
            case "F32":
                Read(entry, MemoryMarshal.AsBytes(target));
                break;
            case "BF16":
                Convert<ushort>(entry, target, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16));
                break;
            case "F16":
                Convert<Half>(entry, target, half => (float)half);
                break;
            case "F64":
                Convert<double>(entry, target, value => (float)value);
                break;
            default:
                throw new SafetensorsException(Path, $"tensor '{name}' is {entry.Type}; weights are F32, F16, BF16 or F64");
        }
    }

    /// <summary>A tensor's elements as they are stored.</summary>
    /// <exception cref="SafetensorsException">There is none of that name or element size.</exception>
    public T[] ReadArray<T>(string name)
        where T : unmanaged
    {
        var entry = Entry(name);
        if (entry.Length != entry.Count * Marshal.SizeOf<T>())
        {
            throw new SafetensorsException(Path, $"tensor '{name}' is {entry.Type}");
        }

        var result = new T[entry.Count];
        Read(entry, MemoryMarshal.AsBytes(result.AsSpan()));
        return result;
    }

    public void Dispose() => _file.Dispose();

    private TensorEntry Entry(string name) => _entries.TryGetValue(name, out var entry) ? entry : throw new SafetensorsException(Path, $"has no tensor '{name}'");

    private void Read(TensorEntry entry, Span<byte> target)
    {
        _file.Position = entry.Start;
        _file.ReadExactly(target);
    }

    private void Convert<T>(TensorEntry entry, Span<float> target, Func<T, float> convert)
        where T : unmanaged
    {
        var source = ReadArray<T>(entry.Name);
        for (var i = 0; i < source.Length; i++)
        {
            target[i] = convert(source[i]);
        }
    }

    private void ReadHeader()
    {
        Span<byte> prefix = stackalloc byte[8];
        if (_file.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
        {
            throw new SafetensorsException(Path, "is too short to be a safetensors file; it may have been truncated, fetch or save it again");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader || (long)length > _file.Length - 8)
        {
            throw new SafetensorsException(Path, $"claims a header of {length} bytes in a file of {_file.Length}; it is truncated or not a safetensors file");
        }

        var header = new byte[length];
        _file.ReadExactly(header);
        try
        {
            using var document = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            ReadEntries(document.RootElement, 8 + (long)length);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new SafetensorsException(Path, $"has a damaged header: {exception.Message}");
        }

        CheckLayout(8 + (long)length);
    }

    private void ReadEntries(JsonElement header, long data)
    {
        foreach (var property in header.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                continue;
            }

            var type = property.Value.GetProperty("dtype").GetString() ?? throw new FormatException($"tensor '{property.Name}' has no type");
            long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            if (offsets is not [var start, var end] || start < 0 || end < start || end > _file.Length - data)
            {
                throw new SafetensorsException(Path, $"tensor '{property.Name}' lies outside the file; it is truncated, fetch or save it again");
            }

            var count = shape.Aggregate(1L, (product, size) => size < 0 ? throw new OverflowException("a size is negative") : checked(product * size));
            if (!ElementSizes.TryGetValue(type, out var elementSize) || checked(count * elementSize) != end - start)
            {
                throw new SafetensorsException(Path, $"tensor '{property.Name}' of type {type} and {count} elements does not fill its {end - start} bytes");
            }

            _entries[property.Name] = new TensorEntry(property.Name, type, shape, data + start, end - start);
        }
    }

    private void CheckLayout(long data)
    {
        var end = data;
        foreach (var entry in _entries.Values.OrderBy(e => e.Start).ThenBy(e => e.Length))
        {
            if (entry.Start < end)
            {
                throw new SafetensorsException(Path, $"tensor '{entry.Name}' overlaps another");
            }

            end = entry.Start + entry.Length;
        }
    }
}
