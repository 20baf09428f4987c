namespace Intellect3.Model.Inference.Cpu;

/// <summary>
/// Decides which sequences run, which blocks of the cache they hold, and what the next step computes. Pure bookkeeping: it touches no key and no value.
/// </summary>
/// <remarks>
/// Sequences are kept in the order of their arrival, and those that run are always the first ones: admission moves the boundary on by one, preemption back
/// by one. So the oldest runs, can take every block the others hold, and fits alone: there is always progress.
/// </remarks>
internal sealed class Scheduler(BlockPool pool, int slots, int prefillTokens)
{
    private readonly List<Sequence> _sequences = [];

    /// <summary>Sequences that hold a slot.</summary>
    public int Running { get; private set; }

    public int Waiting => _sequences.Count - Running;

    /// <summary>In the order of arrival, those that run first.</summary>
    public IReadOnlyList<Sequence> Sequences => _sequences;

    /// <summary>Prompt tokens of sequences admitted, a preempted one's again with what it had sampled.</summary>
    public long AdmittedTokens { get; private set; }

    /// <summary>Of those, the tokens that were found in the cache.</summary>
    public long SharedTokens { get; private set; }

    /// <summary>Queues a sequence, one that fits into the cache alone.</summary>
    public void Add(Sequence sequence) => _sequences.Add(sequence);

    /// <summary>Takes a sequence out, wherever it stands, and gives its blocks back.</summary>
    public void Remove(Sequence sequence)
    {
        var index = _sequences.IndexOf(sequence);
        _sequences.RemoveAt(index);
        if (index < Running)
        {
            Running--;
            Vacate(sequence);
        }
    }

    /// <summary>Other weights compute from now on: nothing cached so far is shared with a sequence admitted later.</summary>
    public void ChangeWeights(KvOnUpdate kvOnUpdate)
    {
        pool.Forget();
        if (kvOnUpdate == KvOnUpdate.Recompute)
        {
            for (var i = 0; i < Running; i++)
            {
                Vacate(_sequences[i]);
            }
        }
    }

    /// <summary>
    /// Fills <paramref name="plan"/> with the next step: the running sequences, oldest first, then as many waiting ones as slots, blocks and the prefill
    /// budget admit. A running sequence that lacks a block takes those of the youngest, which waits again and is computed anew later.
    /// </summary>
    public void Plan(StepPlan plan)
    {
        plan.Clear();
        var budget = prefillTokens;
        for (var i = 0; i < Running; i++)
        {
            while (i < Running && !TryCover(_sequences[i], budget, reserve: 0))
            {
                Vacate(_sequences[--Running]);
            }

            if (i < Running)
            {
                Schedule(_sequences[i], plan, ref budget);
            }
        }

        // A free block for each that runs: an admitted sequence is not the next one preempted.
        while (Running < slots && Waiting > 0 && budget > 0 && TryCover(_sequences[Running], budget, reserve: Running))
        {
            Schedule(_sequences[Running++], plan, ref budget);
        }
    }

    private int BlocksFor(int tokens) => (tokens - 1) / pool.BlockTokens + 1;

    /// <summary>Gives a sequence blocks for all its tokens, those of a known prefix first; all or nothing. True as well when it has to stay without until there is budget.</summary>
    private bool TryCover(Sequence sequence, int budget, int reserve)
    {
        var tokens = sequence.Tokens;
        var fresh = sequence.Blocks.Count == 0;
        if (fresh)
        {
            if (budget == 0)
            {
                return true;
            }

            Share(sequence);
        }

        var missing = BlocksFor(tokens.Length) - sequence.Blocks.Count;
        if (pool.Free < missing + reserve)
        {
            if (fresh)
            {
                Vacate(sequence);
            }

            return false;
        }

        for (; missing > 0; missing--)
        {
            sequence.Blocks.Add(pool.Take());
        }

        if (fresh)
        {
            AdmittedTokens += tokens.Length;
            SharedTokens += sequence.Computed;
        }

        return true;
    }

    /// <summary>Holds the cached blocks that begin like the sequence, short of its last token, whose logits are still wanted.</summary>
    private void Share(Sequence sequence)
    {
        var chain = pool.Root;
        var size = pool.BlockTokens;
        var tokens = sequence.Tokens;
        while (sequence.Computed + size < tokens.Length && pool.TryShare(ref chain, tokens.Slice(sequence.Computed, size), out var block))
        {
            sequence.Blocks.Add(block);
            sequence.Computed += size;
        }

        sequence.Published = sequence.Blocks.Count;
        sequence.Chain = chain;
    }

    private void Schedule(Sequence sequence, StepPlan plan, ref int budget)
    {
        var outstanding = sequence.Tokens.Length - sequence.Computed;
        var count = outstanding == 1 ? 1 : Math.Min(outstanding, budget);
        if (count == 0 || sequence.Blocks.Count == 0)
        {
            return;
        }

        budget -= outstanding == 1 ? 0 : count;
        plan.Add(new StepPlan.Chunk(sequence, sequence.Computed, count, Samples: count == outstanding));
        sequence.Computed += count;

        // Published before they are computed: within a step every row's keys and values are written, layer by layer, before any row attends to them.
        var size = pool.BlockTokens;
        for (; (sequence.Published + 1) * size <= sequence.Computed; sequence.Published++)
        {
            sequence.Chain = pool.Publish(sequence.Chain, sequence.Blocks[sequence.Published], sequence.Tokens.Slice(sequence.Published * size, size));
        }
    }

    /// <summary>Releases the last blocks first, so that a prefix outlives what follows it.</summary>
    private void Vacate(Sequence sequence)
    {
        for (var i = sequence.Blocks.Count - 1; i >= 0; i--)
        {
            pool.Release(sequence.Blocks[i]);
        }

        sequence.Blocks.Clear();
        sequence.Computed = 0;
    }
}
