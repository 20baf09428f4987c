namespace Intellect3.Environments.Rewards;

/// <summary>Marks a method of a task set, returning bool, that ends the episode when it says true after a turn of the policy. Its name in snake case becomes the trace's stop condition.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StopAttribute : Attribute
{
    /// <summary>Higher runs first; equal priorities run in order of the methods' names.</summary>
    public int Priority { get; init; }
}
