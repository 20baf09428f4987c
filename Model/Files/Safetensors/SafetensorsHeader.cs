using System.Buffers.Binary;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Files.Safetensors;

/// <summary>
/// The head of a safetensors file: eight bytes of length, then JSON that maps names to type, shape and place
/// (https://github.com/huggingface/safetensors#format). What is read is untrusted: every number is checked before it is used.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>Bytes of the length that comes before the JSON.</summary>
    public const int Prefix = sizeof(ulong);

    // The reference implementation's limit.
    private const long MaxLength = 100_000_000;
    private const string Metadata = "__metadata__";

    private static readonly Dictionary<string, int> ElementSizes = new(StringComparer.Ordinal)
    {
        ["F64"] = 8, ["I64"] = 8, ["U64"] = 8, ["F32"] = 4, ["I32"] = 4, ["U32"] = 4, ["F16"] = 2, ["BF16"] = 2, ["I16"] = 2, ["U16"] = 2, ["I8"] = 1, ["U8"] = 1, ["BOOL"] = 1,
    };

    /// <summary>Length of the JSON, from the first eight bytes of a file of that many bytes.</summary>
    /// <exception cref="SafetensorsException">It cannot be the length of a header in such a file.</exception>
    public static int ReadLength(ReadOnlySpan<byte> prefix, long fileLength, string path)
    {
        if (prefix.Length < Prefix)
        {
            throw new SafetensorsException(path, $"is not a safetensors file, or cut short: it has {fileLength} bytes and must begin with eight of length; fetch or save it again");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaxLength)
        {
            throw new SafetensorsException(path, $"claims a header of {length} bytes; it must have between 2 and {MaxLength}, so this is no safetensors file");
        }

        return (long)length <= fileLength - Prefix
            ? (int)length
            : throw new SafetensorsException(path, $"claims a header of {length} bytes in a file of {fileLength}; it is truncated, fetch or save it again");
    }

    /// <summary>The tensors, in the order of their data.</summary>
    /// <param name="json">The header's text.</param>
    /// <param name="dataLength">Bytes that follow it; the tensors must fill them without gap or overlap.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="SafetensorsException">The header does not describe such data.</exception>
    public static IReadOnlyList<TensorEntry> Parse(ReadOnlyMemory<byte> json, long dataLength, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new SafetensorsException(path, "has a damaged header: it is not a JSON object");
            }

            var tensors = document.RootElement.EnumerateObject().Where(p => p.Name != Metadata).Select(p => ParseTensor(p, Prefix + json.Length, path)).OrderBy(t => t.Start).ThenBy(t => t.Length).ToList();
            CheckPlaces(tensors, Prefix + json.Length, dataLength, path);
            return tensors;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name that is no Unicode text.
            throw new SafetensorsException(path, $"has a damaged header: {e.Message}", e);
        }
    }

    /// <summary>The head of a file that holds these tensors as float32 in this order: a function of names and shapes alone.</summary>
    public static byte[] Write(IReadOnlyList<TensorSpec> tensors)
    {
        using var buffer = new MemoryStream();
        buffer.Write(new byte[Prefix]);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(Metadata);
            json.WriteString("format", "pt"); // what transformers asks for
            json.WriteEndObject();
            var offset = 0L;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Count * sizeof(float));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % Prefix != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        var head = buffer.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)(head.Length - Prefix));
        return head;
    }

    private static TensorEntry ParseTensor(JsonProperty property, long dataStart, string path)
    {
        var (name, value) = (property.Name, property.Value);
        SafetensorsException Bad(string problem) => new(path, $"has a damaged header: tensor '{name}': {problem}");

        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("dtype", out var dtype) || !value.TryGetProperty("shape", out var shape) || !value.TryGetProperty("data_offsets", out var offsets))
        {
            throw Bad("dtype, shape or data_offsets is missing");
        }

        var type = dtype.ToString();
        if (!ElementSizes.TryGetValue(type, out var elementSize))
        {
            throw Bad($"element type {type} is not one of {string.Join(", ", ElementSizes.Keys)}");
        }

        var sizes = Numbers(shape) ?? throw Bad("shape is not a list of sizes");
        if (Numbers(offsets) is not [var begin, var end] || begin > end)
        {
            throw Bad("data_offsets is not a [begin, end] with begin <= end");
        }

        var bytes = sizes.Aggregate((Int128)elementSize, (product, size) => product > long.MaxValue ? product : product * size);
        return bytes == end - begin
            ? new TensorEntry(name, type, sizes, dataStart + begin, end - begin)
            : throw Bad(string.Create(CultureInfo.InvariantCulture, $"a {type} of shape [{string.Join(", ", sizes)}] needs {bytes} bytes and does not fill its {end - begin}"));
    }

    private static long[]? Numbers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var numbers = new long[array.GetArrayLength()];
        var at = 0;
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out numbers[at]) || numbers[at++] < 0)
            {
                return null;
            }
        }

        return numbers;
    }

    private static void CheckPlaces(IEnumerable<TensorEntry> tensors, long dataStart, long dataLength, string path)
    {
        var end = dataStart;
        foreach (var tensor in tensors)
        {
            if (tensor.Start != end)
            {
                throw new SafetensorsException(path, $"tensor '{tensor.Name}' {(tensor.Start < end ? "overlaps the one before it" : "comes after a gap")}");
            }

            end += tensor.Length;
        }

        var needed = end - dataStart;
        if (needed != dataLength)
        {
            throw new SafetensorsException(path, needed > dataLength
                ? $"is truncated: its tensors need {needed} bytes, and {dataLength} are there; fetch or save it again"
                : $"has {dataLength - needed} bytes after its last tensor");
        }
    }
}
