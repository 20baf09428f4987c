using Intellect3.Environments.Tasks;

namespace Intellect3.Cluster.Host.Evaluation;

/// <summary>One attempt at one task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Prompt">Names the task in the sampling key.</param>
/// <param name="Rollout">Which attempt it is, from 0.</param>
internal sealed record Episode(TaskData Task, ulong Prompt, int Rollout);
