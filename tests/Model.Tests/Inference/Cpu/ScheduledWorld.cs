using Intellect3.Model.Inference;
using Intellect3.Model.Inference.Cpu;

namespace Intellect3.Model.Tests.Inference.Cpu;

/// <summary>
/// A scheduler with a make-believe network: instead of keys and values each place of the cache remembers which prefix it was computed from and after which
/// swap of weights, so that every read can be checked.
/// </summary>
internal sealed class ScheduledWorld
{
    private readonly StepPlan _plan = new();
    private readonly (string Prefix, int Swap)[] _cache;
    private readonly Dictionary<Sequence, int> _admittedAtSwap = [];
    private int _swaps;

    public ScheduledWorld(int blocks, int blockTokens, int slots, int prefillTokens)
    {
        Pool = new BlockPool(blocks, blockTokens);
        Scheduler = new Scheduler(Pool, slots, prefillTokens);
        _cache = new (string, int)[blocks * blockTokens];
    }

    public BlockPool Pool { get; }

    public Scheduler Scheduler { get; }

    public int Submitted { get; private set; }

    public int Ended { get; private set; }

    public int[] Prompt(params int[] tokens) => tokens;

    /// <summary>Prompts of one seed begin alike.</summary>
    public int[] RandomPrompt(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(2))];
    }

    public void Submit(int[] prompt, int maxTokens)
    {
        if (prompt.Length + maxTokens - 1 <= Pool.Count * Pool.BlockTokens)
        {
            Scheduler.Add(new Sequence(new GenerationRequest { Id = Submitted, PromptIds = prompt, MaxTokens = maxTokens, Key = default }, maxPositions: 1000));
            Submitted++;
        }
    }

    public void Abort(int index)
    {
        if (index < Scheduler.Sequences.Count)
        {
            End(Scheduler.Sequences[index]);
        }
    }

    public void Swap(KvOnUpdate kvOnUpdate)
    {
        _swaps++;
        Scheduler.ChangeWeights(kvOnUpdate);
        if (kvOnUpdate == KvOnUpdate.Recompute)
        {
            _admittedAtSwap.Clear();
        }
    }

    /// <summary>One step; the chunks it computed as <c>id:[start,end)</c>.</summary>
    public string[] Step()
    {
        var hadWork = Scheduler.Sequences.Count > 0;
        Scheduler.Plan(_plan);
        var chunks = _plan.Chunks.ToArray();
        Assert.Equal(hadWork, chunks.Length > 0);
        foreach (var sequence in Scheduler.Sequences.Where(s => s.Blocks.Count == 0))
        {
            _admittedAtSwap.Remove(sequence);
        }

        foreach (var chunk in chunks)
        {
            _admittedAtSwap.TryAdd(chunk.Sequence, _swaps);
            for (var position = chunk.Start; position < chunk.Start + chunk.Count; position++)
            {
                _cache[Place(chunk.Sequence, position)] = (Prefix(chunk.Sequence, position), _swaps);
            }
        }

        foreach (var chunk in chunks)
        {
            for (var position = 0; position < chunk.Start + chunk.Count; position++)
            {
                var (prefix, swap) = _cache[Place(chunk.Sequence, position)];
                Assert.Equal(Prefix(chunk.Sequence, position), prefix);
                Assert.True(swap >= _admittedAtSwap[chunk.Sequence], $"sequence {chunk.Sequence.Request.Id} attends to what older weights computed");
            }

            if (chunk.Samples && chunk.Sequence.Append(chunk.Sequence.Tokens.Length % 2, 0, default) is not null)
            {
                End(chunk.Sequence);
            }
        }

        return [.. chunks.Select(c => $"{c.Sequence.Request.Id}:[{c.Start},{c.Start + c.Count})")];
    }

    /// <summary>Steps until nothing is left, or fails: each step computes at least one token, and preemption repeats a bounded share.</summary>
    public void Drain()
    {
        for (var steps = 0; Scheduler.Sequences.Count > 0; steps++)
        {
            Assert.True(steps < 20_000, "the scheduler makes no progress");
            Step();
            CheckBooks();
        }
    }

    public void CheckBooks()
    {
        var holds = Scheduler.Sequences.SelectMany(s => s.Blocks).CountBy(b => b).ToDictionary();
        for (var block = 0; block < Pool.Count; block++)
        {
            Assert.Equal(holds.GetValueOrDefault(block), Pool.References(block));
        }

        Assert.Equal(Pool.Count - holds.Count, Pool.Free);
        Assert.All(Scheduler.Sequences.Skip(Scheduler.Running), s => Assert.Empty(s.Blocks));
    }

    private static string Prefix(Sequence sequence, int position) => string.Join(',', sequence.Tokens[..(position + 1)].ToArray());

    private int Place(Sequence sequence, int position) => (sequence.Blocks[position / Pool.BlockTokens] * Pool.BlockTokens) + (position % Pool.BlockTokens);

    private void End(Sequence sequence)
    {
        Scheduler.Remove(sequence);
        _admittedAtSwap.Remove(sequence);
        Ended++;
    }
}
