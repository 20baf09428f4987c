namespace Intellect3.Model.Training.Packing;

/// <summary>A micro-batch in the making.</summary>
internal sealed class Bin(PackingCost cost)
{
    private readonly List<(int Index, int Length)> _sequences = [];

    public IReadOnlyList<(int Index, int Length)> Sequences => _sequences;

    public long Tokens { get; private set; }

    public long Cost { get; private set; }

    public long CostOf((int Index, int Length) sequence) => cost.Of(sequence.Length);

    public void Add((int Index, int Length) sequence)
    {
        _sequences.Add(sequence);
        Tokens += sequence.Length;
        Cost += CostOf(sequence);
    }

    public void Remove((int Index, int Length) sequence)
    {
        _sequences.Remove(sequence);
        Tokens -= sequence.Length;
        Cost -= CostOf(sequence);
    }

    /// <summary>Two bins of the same sequences, longest first to the cheaper one.</summary>
    public (Bin Dearer, Bin Cheaper) Halves()
    {
        var (left, right) = (new Bin(cost), new Bin(cost));
        foreach (var sequence in _sequences.OrderByDescending(s => s.Length))
        {
            (left.Cost <= right.Cost ? left : right).Add(sequence);
        }

        return left.Cost >= right.Cost ? (left, right) : (right, left);
    }

    public MicroBatch ToMicroBatch() => new([.. _sequences.Select(s => s.Index).Order()], Tokens, Cost);
}
