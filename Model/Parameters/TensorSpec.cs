namespace Intellect3.Model.Parameters;

/// <summary>A named tensor inside a flat parameter vector.</summary>
/// <param name="Name">The Hugging Face name, for example <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Shape">Row-major; a projection is [out, in].</param>
/// <param name="Offset">First element in the flat vector.</param>
public sealed record TensorSpec(string Name, IReadOnlyList<int> Shape, long Offset)
{
    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
