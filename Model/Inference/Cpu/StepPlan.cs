using System.Runtime.InteropServices;

namespace Intellect3.Model.Inference.Cpu;

/// <summary>What one forward pass computes: a chunk of consecutive tokens of each of some sequences. A decode step is a chunk of one.</summary>
internal sealed class StepPlan
{
    private readonly List<Chunk> _chunks = [];

    public ReadOnlySpan<Chunk> Chunks => CollectionsMarshal.AsSpan(_chunks);

    public void Clear() => _chunks.Clear();

    public void Add(Chunk chunk) => _chunks.Add(chunk);

    /// <summary>Tokens <c>[Start, Start + Count)</c> of a sequence.</summary>
    /// <param name="Sequence">Whose.</param>
    /// <param name="Start">The position of the first.</param>
    /// <param name="Count">How many, at least one.</param>
    /// <param name="Samples">True when it reaches the sequence's end, so that its last row samples the next token.</param>
    internal readonly record struct Chunk(Sequence Sequence, int Start, int Count, bool Samples);
}
