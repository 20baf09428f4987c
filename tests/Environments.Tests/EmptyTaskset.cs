using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Tests;

/// <summary>A task set with nothing in it, for tests to derive from.</summary>
public abstract class EmptyTaskset : Taskset
{
    public override string Name => "empty";

    public override int? HeldOutCount => 1;

    public override TaskData GetTask(TaskSplit split, long index) => new() { Key = TaskData.KeyOf(split, index), Prompt = [Message.User("say ")], Answer = "yes" };
}
