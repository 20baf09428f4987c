using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Diagnosis;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary>A run at a glance, for people and for programs. Pure.</summary>
internal static class RunStatusView
{
    public static CommandResponse Of(RunActivity run, IReadOnlyList<NodeAnswer<NodeReport>> reports, RunDiagnosis diagnosis)
    {
        var versions = reports.Where(r => r.Answer?.Version is not null).ToDictionary(r => r.Node.Address.ToString(), r => r.Answer!.Version.ToString(), StringComparer.Ordinal);
        var problems = reports.Where(r => r.Problem is not null).ToDictionary(r => r.Node.Address.ToString(), r => r.Problem!, StringComparer.Ordinal);
        return new CommandResponse(
            string.Join('\n', Rows(run, versions, problems, diagnosis).Select(r => $"{r.Label,-10} {r.Text}".TrimEnd())),
            Data(run, versions, problems, diagnosis));
    }

    private static IEnumerable<(string Label, string Text)> Rows(RunActivity run, Dictionary<string, string?> versions, Dictionary<string, string> problems, RunDiagnosis diagnosis)
    {
        var status = run.Status;
        yield return ("run", $"{status.Run} ({status.Recipe}) in {run.Directory}");
        yield return ("stage", StageOf(run));
        yield return ("step", $"{run.Step} of {run.Steps}");
        yield return ("version", $"{status.Version}");
        yield return ("reward", (status.RewardHistory is [.., var reward] ? $"{reward:0.000}" : "none yet") + (status.EvaluationReward is { } evaluated ? $", last evaluation {evaluated:0.000}" : ""));
        yield return ("staleness", $"{status.Staleness:0.0} versions");
        yield return ("tokens/s", $"{status.SampledTokensPerSecond:0} sampled, {status.TrainedTokensPerSecond:0} trained");
        yield return ("queue", $"{status.GroupsInFlight} groups in flight, {status.GroupsWaiting} waiting for a batch");
        yield return ("trainer", run.Trainer.Node is { } trainer ? $"{trainer}: {(run.Trainer.Work is { } work ? $"{work} for {Ages.Text(run.Trainer.Age)}" : "idle")}" : "none");
        foreach (var node in run.Nodes)
        {
            var state = problems.TryGetValue(node.Node, out var problem) ? problem : $"version {versions.GetValueOrDefault(node.Node) ?? "none yet"}";
            yield return ("node", $"{node.Node}: {node.Groups} groups, {node.Used} of {node.Slots} slots, {state}");
        }

        if (diagnosis.Slowest is { } slowest)
        {
            yield return ("slowest", $"{slowest.Subject}: {slowest.Stage} for {Ages.Text(slowest.Age)}{(slowest.Node.Length > 0 ? $" at {slowest.Node}" : "")}");
        }

        yield return ("time", Ages.Text(status.Elapsed) + (status.Remaining is { } left ? $", about {Ages.Text(left)} left" : ""));
        if (diagnosis.IsStuck)
        {
            yield return ("verdict", diagnosis.Verdict);
        }
    }

    private static string StageOf(RunActivity run) => run.Status.Stage switch
    {
        RunStage.Warmup => $"warm-up, step {run.Status.Step} of at most {run.Status.Steps}",
        RunStage.EvaluateBefore => "evaluation before reinforcement learning",
        RunStage.Reinforcement => "reinforcement learning",
        RunStage.EvaluateAfter => "evaluation of the result",
        var stage => stage.ToString().ToLowerInvariant(),
    } + (run.IsPaused ? ", paused" : "");

    private static object Data(RunActivity run, Dictionary<string, string?> versions, Dictionary<string, string> problems, RunDiagnosis diagnosis) => new
    {
        run.Status.Run,
        run.Status.Recipe,
        run.Directory,
        Stage = run.Status.Stage.ToString().ToLowerInvariant(),
        Paused = run.IsPaused,
        run.Step,
        run.Steps,
        Version = run.Status.Version.ToString(),
        Reward = run.Status.RewardHistory is [.., var reward] ? reward : (double?)null,
        run.Status.EvaluationReward,
        run.Status.Staleness,
        run.Status.SampledTokensPerSecond,
        run.Status.TrainedTokensPerSecond,
        Groups = run.Status.GroupsInFlight,
        Waiting = run.Status.GroupsWaiting,
        run.Prompts,
        Trainer = new { run.Trainer.Node, run.Trainer.Work, AgeSeconds = Ages.Seconds(run.Trainer.Age) },
        Nodes = run.Nodes.Select(n => new { n.Node, n.Incarnation, n.Slots, n.Used, n.Groups, Version = versions.GetValueOrDefault(n.Node), Problem = problems.GetValueOrDefault(n.Node) }),
        Slowest = diagnosis.Slowest is { } slowest ? new { slowest.Subject, slowest.Stage, slowest.WaitsOn, AgeSeconds = Ages.Seconds(slowest.Age), slowest.Node } : null,
        Stuck = diagnosis.IsStuck,
        diagnosis.Verdict,
        ElapsedSeconds = Ages.Seconds(run.Status.Elapsed),
        RemainingSeconds = run.Status.Remaining is { } left ? Ages.Seconds(left) : (double?)null,
        run.Status.Failure,
    };
}
