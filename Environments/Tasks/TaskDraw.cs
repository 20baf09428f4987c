namespace Intellect3.Environments.Tasks;

/// <summary>Tasks drawn at random from a space too large to list, so that training and held-out tasks never meet: a prompt's own hash says which half it is in.</summary>
public static class TaskDraw
{
    private const int HeldOutShare = 16;

    /// <summary>True for the prompts, one in sixteen, that training never sees.</summary>
    public static bool IsHeldOut(string prompt) => TaskRandom.Hash(prompt) % HeldOutShare == 0;

    /// <summary>The task at an index: draws until the prompt belongs to the split. A held-out index wraps around at <see cref="Taskset.HeldOutCount"/>.</summary>
    /// <param name="taskset">Whose task it is.</param>
    /// <param name="split">The half to draw from.</param>
    /// <param name="index">Non-negative.</param>
    /// <param name="draw">Makes a prompt and its reference answer. It must be able to make prompts of both halves.</param>
    public static TaskData At(Taskset taskset, TaskSplit split, long index, Func<TaskRandom, (string Prompt, string Answer)> draw)
    {
        ArgumentNullException.ThrowIfNull(taskset);
        ArgumentNullException.ThrowIfNull(draw);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (split == TaskSplit.HeldOut && taskset.HeldOutCount is { } count)
        {
            index %= count;
        }

        var random = new TaskRandom(taskset.Name, (ulong)split, (ulong)index);
        while (true)
        {
            var (prompt, answer) = draw(random);
            if (IsHeldOut(prompt) == (split == TaskSplit.HeldOut))
            {
                return new TaskData { Key = TaskData.KeyOf(split, index), Prompt = [Message.User(prompt)], Answer = answer };
            }
        }
    }
}
