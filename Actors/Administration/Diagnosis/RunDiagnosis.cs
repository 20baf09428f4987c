using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Diagnosis;

/// <summary>Why a run is stuck, or that it is not.</summary>
/// <param name="Rows">Everything under way, groups before their rollouts.</param>
/// <param name="Verdict">One line.</param>
/// <param name="IsStuck">True when it will not go on by itself.</param>
public sealed record RunDiagnosis(IReadOnlyList<DiagnosisRow> Rows, string Verdict, bool IsStuck)
{
    /// <summary>What has been in its stage the longest; null when nothing is under way.</summary>
    public DiagnosisRow? Slowest => Rows.Where(r => r.WaitsOn != Waits.Rollouts && r.Stage != Waits.Idle).MaxBy(r => r.Age);

    /// <summary>Judges what is known of a run. Pure.</summary>
    /// <param name="run">From its coordinator.</param>
    /// <param name="groups">What the nodes say of the groups in flight.</param>
    /// <param name="silent">Addresses of nodes that did not answer, and why.</param>
    /// <param name="limit">A stage that lasts longer is stuck.</param>
    public static RunDiagnosis Of(RunActivity run, IReadOnlyCollection<GroupStatus> groups, IReadOnlyDictionary<string, string> silent, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(silent);
        var known = groups.ToDictionary(g => g.Id);
        var addresses = run.Nodes.ToDictionary(n => n.Incarnation, n => n.Node, StringComparer.Ordinal);
        var rows = new List<DiagnosisRow>();
        if (!IsOver(run.Status.Stage))
        {
            rows.Add(Trainer(run, limit));
            if (run.Nodes.Count == 0)
            {
                rows.Add(new("rollout nodes", "absent", "a node with the role rollout", run.Quiet, "", run.Quiet > limit));
            }

            foreach (var group in run.Groups)
            {
                var node = addresses.GetValueOrDefault(group.Id.Shard, "");
                rows.AddRange(Group(group, known.GetValueOrDefault(group.Id), node, silent.GetValueOrDefault(node), limit));
            }
        }

        var (verdict, isStuck) = Judge(run, rows, limit);
        return new RunDiagnosis(rows, verdict, isStuck);
    }

    private static bool IsOver(RunStage stage) => stage is RunStage.Finished or RunStage.Stopped or RunStage.Failed;

    private static DiagnosisRow Trainer(RunActivity run, TimeSpan limit) => run.Trainer switch
    {
        { Node: null } => new("trainer", "absent", "a node with the role trainer", run.Quiet, "", run.Quiet > limit),
        { Work: { } work, Node: var node, Age: var age } => new("trainer", work, "", age, node, age > limit),
        { Node: var node } => new("trainer", Waits.Idle, run.Status.Stage == RunStage.Reinforcement ? "a batch" : "", run.Quiet, node, false),
    };

    private static IEnumerable<DiagnosisRow> Group(GroupActivity group, GroupStatus? status, string node, string? silence, TimeSpan limit)
    {
        var name = group.Id.ToString();
        if (silence is not null)
        {
            return [new(name, "unknown", $"its node: {silence}", group.Age, node, group.Age > limit)];
        }

        if (status is null)
        {
            // On its way there, or lost on it.
            return [new(name, "not started", node.Length == 0 ? "a node that is gone" : "its node", group.Age, node, group.Age > limit)];
        }

        var isRunning = status.WaitsOn == Waits.Rollouts;
        var row = new DiagnosisRow(name, isRunning ? $"{status.Done} of {status.Done + status.Rollouts.Count} rollouts ended" : status.Stage, status.WaitsOn, isRunning ? group.Age : status.Age, node, !isRunning && status.Age > limit);
        return status.Rollouts
            .Select(r => new DiagnosisRow($"{name}/rollout-{r.Rollout}", r.Turn > 0 ? $"{r.Stage}, turn {r.Turn}" : r.Stage, r.WaitsOn, r.Age, node, r.Age > limit))
            .Prepend(row);
    }

    private static (string Verdict, bool IsStuck) Judge(RunActivity run, List<DiagnosisRow> rows, TimeSpan limit)
    {
        var stuck = rows.Where(r => r.IsStuck).OrderByDescending(r => r.Age).ToList();
        if (run.Status.Stage == RunStage.Failed)
        {
            return ($"STUCK: the run has failed: {run.Status.Failure}", true);
        }

        if (IsOver(run.Status.Stage))
        {
            return ($"the run is {run.Status.Stage.ToString().ToLowerInvariant()}: nothing is in flight", false);
        }

        if (stuck is [var worst, ..])
        {
            return ($"STUCK: {Describe(worst)}{(stuck.Count > 1 ? $", and {stuck.Count - 1} more beyond {Ages.Text(limit)}" : "")}", true);
        }

        if (run.IsPaused)
        {
            return ("paused: nothing new starts until `run resume`", false);
        }

        if (run.Groups.Count == 0 && run.Trainer.Work is null && run.Quiet > limit)
        {
            return ($"STUCK: nothing is in flight and nothing has answered for {Ages.Text(run.Quiet)}", true);
        }

        var slowest = new RunDiagnosis(rows, "", false).Slowest;
        return (slowest is null ? "moving" : $"moving: the slowest is {Describe(slowest)}", false);
    }

    private static string Describe(DiagnosisRow row) =>
        $"{row.Subject}: {row.Stage} for {Ages.Text(row.Age)}{(row.WaitsOn.Length > 0 ? $", waits on {row.WaitsOn}" : "")}{(row.Node.Length > 0 ? $", at {row.Node}" : "")}";

    /// <summary>Words that rows are told apart by.</summary>
    private static class Waits
    {
        /// <summary>As <see cref="Rollouts.RolloutGroup"/> says it while its episodes run.</summary>
        public const string Rollouts = "rollouts";
        public const string Idle = "idle";
    }
}
