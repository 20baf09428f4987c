using Intellect3.Environments.Tasks;

namespace Intellect3.Actors.Coordination;

/// <summary>What an evaluation asks: so many tasks of each environment, greedily, sampled, or both.</summary>
/// <param name="Label"><c>before</c>, <c>after_sft</c>, <c>after</c>, <c>online</c> or <c>probe</c>.</param>
/// <param name="Step">The step it belongs to.</param>
/// <param name="Environments">Names and versions.</param>
/// <param name="Split">Which tasks.</param>
/// <param name="FirstTask">The first of them.</param>
/// <param name="Tasks">How many, over all environments.</param>
/// <param name="Greedy">Ask for the most likely answers.</param>
/// <param name="Sampled">Ask for answers at temperature 1.</param>
public sealed record EvaluationPlan(string Label, int Step, IReadOnlyList<CurriculumEntry> Environments, TaskSplit Split, long FirstTask, int Tasks, bool Greedy, bool Sampled);
