namespace Intellect3.Model.Files.Safetensors;

/// <summary>A tensor of a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type as the file spells it: <c>F32</c>, <c>F16</c>, <c>BF16</c>, <c>F64</c>, <c>I64</c> ...</param>
/// <param name="Shape">Row-major.</param>
/// <param name="Start">First byte in the file.</param>
/// <param name="Length">Bytes.</param>
public sealed record TensorEntry(string Name, string Type, IReadOnlyList<long> Shape, long Start, long Length)
{
    /// <summary>Elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
