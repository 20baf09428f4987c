using System.Text.Json;

namespace Intellect3.Environments.Tasks;

/// <summary>One row of a task set: immutable and JSON, it is what a scorer and a worker see of a task.</summary>
public sealed record TaskData
{
    /// <summary>Names the task within its set and split, for example <c>train/17</c>.</summary>
    public required string Key { get; init; }

    /// <summary>What the policy is shown first.</summary>
    public required IReadOnlyList<Message> Prompt { get; init; }

    /// <summary>The reference answer, or null where a task has none.</summary>
    public string? Answer { get; init; }

    /// <summary>Whatever else the scorers of this set need.</summary>
    public JsonElement? Info { get; init; }

    /// <summary>The usual key: the split and the index in it.</summary>
    public static string KeyOf(TaskSplit split, long index) => $"{(split == TaskSplit.Train ? "train" : "held_out")}/{index}";
}
