namespace Intellect3.Model.Inference.Cpu;

/// <summary>What one forward pass computes: a chunk of consecutive tokens of each of some sequences. A decode step is a chunk of one.</summary>
internal sealed class StepPlan
{
    private readonly List<Chunk> _chunks = [];

    public IReadOnlyList<Chunk> Chunks => _chunks;

    /// <summary>Tokens of all chunks.</summary>
    public int Rows { get; private set; }

    public void Clear()
    {
        _chunks.Clear();
        Rows = 0;
    }

    public void Add(Sequence sequence, int start, int count)
    {
        _chunks.Add(new Chunk(sequence, start, count));
        Rows += count;
    }

    /// <summary>Tokens <c>[Start, Start + Count)</c> of a sequence.</summary>
    /// <param name="Sequence">Whose.</param>
    /// <param name="Start">The position of the first.</param>
    /// <param name="Count">How many, at least one.</param>
    internal readonly record struct Chunk(Sequence Sequence, int Start, int Count)
    {
        /// <summary>True when it reaches the sequence's end, so that its last row samples the next token.</summary>
        public bool Samples => Start + Count == Sequence.Tokens.Length;
    }
}
