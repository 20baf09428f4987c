using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Intellect3.Model.Files.Safetensors;

/// <summary>
/// Writes float32 safetensors files. The file is a function of the weights alone: tensors in ordinal order of their names, no metadata.
/// </summary>
public static class SafetensorsWriter
{
    private const int HeaderAlignment = 8;

    /// <summary>Writes the tensors and flushes them to disk.</summary>
    /// <param name="path">A new file.</param>
    /// <param name="tensors">Name, shape and elements of each, in any order.</param>
    /// <exception cref="IOException">It cannot be written; what was begun is left to the caller.</exception>
    public static void Write(string path, IEnumerable<(string Name, IReadOnlyList<int> Shape, ReadOnlyMemory<float> Values)> tensors)
    {
        var sorted = tensors.OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        var header = Header([.. sorted.Select(t => (t.Name, t.Shape, (long)t.Values.Length * sizeof(float)))]);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        file.Write(prefix);
        file.Write(header);
        foreach (var (_, _, values) in sorted)
        {
            file.Write(MemoryMarshal.AsBytes(values.Span));
        }

        file.Flush(flushToDisk: true);
    }

    private static byte[] Header(List<(string Name, IReadOnlyList<int> Shape, long Bytes)> tensors)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            var offset = 0L;
            json.WriteStartObject();
            foreach (var (name, shape, bytes) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += bytes);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (stream.Length % HeaderAlignment != 0)
        {
            stream.WriteByte((byte)' ');
        }

        return stream.ToArray();
    }
}
