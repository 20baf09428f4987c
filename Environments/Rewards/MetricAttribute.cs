namespace Intellect3.Environments.Rewards;

/// <summary>Marks a method of a task set as a metric: measured like a reward and before the rewards, never part of the sum.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MetricAttribute : Attribute;
