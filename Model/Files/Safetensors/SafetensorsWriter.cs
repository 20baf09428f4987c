using System.Runtime.InteropServices;
using Intellect3.Model.Parameters;

namespace Intellect3.Model.Files.Safetensors;

/// <summary>
/// Writes float32 safetensors files. The bytes are a function of names, shapes and values alone: tensors in ordinal order of their names, no time or
/// version in the header.
/// </summary>
public static class SafetensorsWriter
{
    private const int ChunkElements = 1 << 20;

    /// <summary>Writes the tensors and flushes them to disk.</summary>
    /// <param name="path">A new file; a failure leaves none.</param>
    /// <param name="tensors">What to write, in any order.</param>
    /// <param name="values">Gives a tensor's values when its turn comes.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<TensorSpec> tensors, TensorValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var sorted = tensors.OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        AtomicFile.Write(path, file =>
        {
            file.Write(SafetensorsHeader.Write(sorted));
            foreach (var tensor in sorted)
            {
                var rest = values(tensor);
                if (rest.Length != tensor.Count)
                {
                    throw new ArgumentException($"tensor '{tensor.Name}' has {tensor.Count} elements and {rest.Length} values", nameof(values));
                }

                // Chunks, because a span of bytes cannot be as long as one of elements.
                while (rest.Length > 0)
                {
                    var length = Math.Min(ChunkElements, rest.Length);
                    file.Write(MemoryMarshal.AsBytes(rest[..length]));
                    rest = rest[length..];
                }
            }
        });
    }
}
