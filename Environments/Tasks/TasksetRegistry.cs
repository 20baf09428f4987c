using System.Collections.Frozen;
using Intellect3.Environments.BuiltIn.Guess;
using Intellect3.Environments.BuiltIn.Parity;
using Intellect3.Environments.BuiltIn.Reverse;
using Intellect3.Environments.BuiltIn.Sort;
using Intellect3.Environments.Rewards;

namespace Intellect3.Environments.Tasks;

/// <summary>Task sets by name. Immutable and thread-safe.</summary>
public sealed class TasksetRegistry
{
    private readonly FrozenDictionary<string, Taskset> _tasksets;

    /// <summary>Checks every task set: its name, its limits, its marked methods.</summary>
    /// <exception cref="TasksetException">One of them is not as it must be, or two share a name.</exception>
    public TasksetRegistry(IEnumerable<Taskset> tasksets)
    {
        ArgumentNullException.ThrowIfNull(tasksets);
        var byName = new SortedDictionary<string, Taskset>(StringComparer.Ordinal);
        foreach (var taskset in tasksets)
        {
            Check(taskset);
            if (!byName.TryAdd(taskset.Name, taskset))
            {
                throw new TasksetException($"Two task sets are called '{taskset.Name}'. Give each a name of its own.");
            }
        }

        _tasksets = byName.ToFrozenDictionary(StringComparer.Ordinal);
        Names = [.. byName.Keys];
    }

    /// <summary>The task sets that this assembly brings: guess, parity, reverse, sort.</summary>
    public static TasksetRegistry BuiltIn { get; } = new([new GuessTaskset(), new ParityTaskset(), new ReverseTaskset(), new SortTaskset()]);

    /// <summary>Every name, in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <exception cref="UnknownTasksetException">There is none of this name; it says which one was probably meant.</exception>
    public Taskset Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _tasksets.TryGetValue(name, out var taskset) ? taskset : throw new UnknownTasksetException(name, Names);
    }

    private static void Check(Taskset taskset)
    {
        if (taskset.Name.Length == 0 || taskset.Name.Any(c => char.IsWhiteSpace(c) || char.IsUpper(c)))
        {
            throw new TasksetException($"{taskset.GetType().Name} is called '{taskset.Name}'. A name is lower case, without spaces, and not empty.");
        }

        if (taskset.Limits is not { MaxTurns: >= 1, MaxTokens: >= 1 })
        {
            throw new TasksetException($"{taskset.GetType().Name} has the limits {taskset.Limits}. MaxTurns and MaxTokens must each be at least 1.");
        }

        _ = Scorer.For(taskset);
    }
}
