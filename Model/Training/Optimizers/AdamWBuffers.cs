namespace Intellect3.Model.Training.Optimizers;

/// <summary>Parameters and moments of a contiguous slice of the flat vector.</summary>
public readonly ref struct AdamWBuffers(Span<float> parameters, Span<float> first, Span<float> second)
{
    public Span<float> Parameters { get; } = parameters;

    public Span<float> First { get; } = first;

    public Span<float> Second { get; } = second;
}
