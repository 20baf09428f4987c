namespace Intellect3.Actors.Coordination;

/// <summary>Where new prompts come from: environments by weight, tasks of each in order. The choice at a draw is a function of (seed, draw index, weights) alone. The weights are the settings' until somebody changes them in the run.</summary>
public sealed class Curriculum
{
    private readonly ulong _seed;
    private readonly IReadOnlyList<CurriculumEntry> _entries;

    /// <exception cref="ArgumentException">No environment, or a weight that is negative or not finite.</exception>
    public Curriculum(ulong seed, IReadOnlyList<CurriculumEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0 || entries.Any(e => !double.IsFinite(e.Weight) || e.Weight < 0))
        {
            throw new ArgumentException("a curriculum needs at least one environment, each with a weight of at least 0", nameof(entries));
        }

        _seed = seed;
        _entries = entries;
    }

    /// <summary>The next <paramref name="count"/> prompts; fewer (none) when every environment is quarantined or without weight.</summary>
    public IReadOnlyList<PromptSource> Draw(RunState state, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        var drawn = new List<PromptSource>(Math.Max(0, count));
        var taken = new Dictionary<string, long>(StringComparer.Ordinal);
        while (drawn.Count < count && Choose(state, state.NextDraw + drawn.Count) is { } entry)
        {
            var task = FirstTask(_seed) + state.Drawn.GetValueOrDefault(entry.Environment) + taken.GetValueOrDefault(entry.Environment);
            taken[entry.Environment] = taken.GetValueOrDefault(entry.Environment) + 1;
            drawn.Add(new PromptSource(entry.Environment, entry.Version, entry.Hash, task));
        }

        return drawn;
    }

    /// <summary>What is drawn from now.</summary>
    public IReadOnlyList<CurriculumEntry> EntriesOf(RunState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Curriculum ?? _entries;
    }

    /// <summary>Where a run's tasks begin in their order, so that runs of other seeds see others: below 2^30.</summary>
    public static long FirstTask(ulong seed) => (long)(Mix(seed) >> 34);

    /// <summary>The next prompt, or null where there is none.</summary>
    public PromptSource? Draw(RunState state) => Draw(state, 1) is [var source] ? source : null;

    private CurriculumEntry? Choose(RunState state, long draw)
    {
        var eligible = EntriesOf(state).Where(e => e.Weight > 0 && !state.HealthOf(e.Environment).IsQuarantined).ToList();
        if (eligible.Count == 0)
        {
            return null;
        }

        var point = UnitInterval(draw) * eligible.Sum(e => e.Weight);
        foreach (var entry in eligible)
        {
            point -= entry.Weight;
            if (point < 0)
            {
                return entry;
            }
        }

        return eligible[^1];
    }

    /// <summary>SplitMix64 of (seed, draw) to [0, 1): a function, not a stream, so a draw does not depend on how many came before.</summary>
    private double UnitInterval(long draw) => (Mix(_seed + ((ulong)draw + 1) * 0x9E3779B97F4A7C15UL) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
