namespace Intellect3.Cluster.Host.Evaluation;

/// <summary>How well a model does in an environment.</summary>
/// <param name="Env">The environment.</param>
/// <param name="N">Held-out tasks.</param>
/// <param name="K">Attempts at each.</param>
/// <param name="Avg">Mean reward of the attempts that did not fail (avg@k); null when all failed.</param>
/// <param name="PassAtK">Share of tasks that one of k attempts solves; null where rewards are not all 0 or 1, or no task has k rewards.</param>
/// <param name="Errors">Attempts that failed; they have no reward.</param>
internal sealed record EvaluationReport(string Env, int N, int K, double? Avg, double? PassAtK, int Errors);
