namespace Intellect3.Environments.Tasks;

/// <summary>Which half of a task set a task is drawn from. The two never share a task, unless the set says so (<see cref="Taskset.HeldOutCount"/> is null).</summary>
public enum TaskSplit
{
    Train,
    HeldOut,
}
