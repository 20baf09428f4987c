namespace Intellect3.Environments.Rewards;

/// <summary>
/// Marks a method of a task set as a reward. It returns a double (or a task of one) and takes any of <c>TaskData</c>, <c>Trace</c> and
/// <c>CancellationToken</c>. The reward of an episode is the weighted sum of all of them.
/// </summary>
/// <param name="weight">The factor in the sum.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RewardAttribute(double weight = 1) : Attribute
{
    public double Weight { get; } = weight;

    /// <summary>Higher runs first; equal priorities run in order of the methods' names.</summary>
    public int Priority { get; init; }
}
