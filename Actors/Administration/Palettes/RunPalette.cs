using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Diagnosis;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>run</c>: how the run stands, and the ways to steer it.</summary>
public sealed class RunPalette : PaletteHandler
{
    private const int DefaultLines = 20;
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(60);

    private static readonly ArgumentDefinition Name = new("run", "its name; the active run, else the last, unless given");

    private static readonly TextTable<RunEntry> Runs = new(
        r => new { r.Name, State = StateOf(r), r.Directory },
        ("RUN", r => r.Name),
        ("STATE", StateOf),
        ("DIRECTORY", r => r.Directory));

    private static readonly TextTable<DiagnosisRow> Rows = new(
        Data,
        ("WHAT", r => r.Subject),
        ("STAGE", r => r.Stage),
        ("WAITS ON", r => r.WaitsOn),
        ("AGE", r => Ages.Text(r.Age)),
        ("NODE", r => r.Node),
        ("", r => r.IsStuck ? "STUCK" : ""));

    private readonly ClusterNodes _nodes;
    private readonly ActiveRun _run;

    public RunPalette(ClusterNodes nodes, ActiveRun run)
        : base("run", "The run: how it stands, why it is stuck, pause, resume, stop")
    {
        (_nodes, _run) = (nodes, run);
        Process(new CommandDefinition("list", "Runs that the cluster knows of."), ListAsync);
        Process(new CommandDefinition("status", "Everything at a glance: step, version, reward, staleness, throughput, queue, nodes, the slowest thing.", Name), StatusAsync);
        Process(new CommandDefinition("pause", "Start no group and no step until it is resumed; what is in flight ends.", Name) { Changes = true }, (call, cancellation) => SteerAsync(new PauseRun("by pbm"), "paused", call, cancellation));
        Process(new CommandDefinition("resume", "Go on after a pause.", Name) { Changes = true }, (call, cancellation) => SteerAsync(new ResumeRun(), "resumed", call, cancellation));
        Process(new CommandDefinition("stop", "Checkpoint and stop, so that the run can be gone on with.", Name) { Changes = true }, StopAsync);
        Process(
            new CommandDefinition("ledger", "The accounting: prompts by state, and the last lines of the ledger.", Name, new ArgumentDefinition("lines", $"how many; {DefaultLines} unless given") { Switches = ["-n", "--lines"], Kind = ArgumentKind.Count }),
            LedgerAsync);
        Process(
            new CommandDefinition("diagnose", "Why is it stuck? What every group and rollout in flight does, what it waits on and for how long, and a verdict. Exit code 1 when something is stuck.", Name, new ArgumentDefinition("limit", "a stage that lasts longer is stuck; 60s unless given") { Switches = ["-l", "--limit"], Kind = ArgumentKind.Duration, Suggestions = ["30s", "60s", "5m"] }),
            DiagnoseAsync);
    }

    private static string StateOf(RunEntry run) => run.Ended is { } ended ? ended.ToString().ToLowerInvariant() : "active";

    private static object Data(DiagnosisRow row) => new { row.Subject, row.Stage, row.WaitsOn, AgeSeconds = Ages.Seconds(row.Age), row.Node, Stuck = row.IsStuck };

    private async Task<IEnumerable<CommandResponse>> ListAsync(CommandCall call, CancellationToken cancellation) =>
        Runs.Of((await _run.AskIfAnyAsync<RunList>(new GetRuns(), cancellation))?.Runs ?? []);

    private async Task<IEnumerable<CommandResponse>> StatusAsync(CommandCall call, CancellationToken cancellation)
    {
        var reports = _nodes.AskAllAsync<NodeReport>(new GetNodeReport(), cancellation);
        var activity = await _run.AskAsync<RunActivity>(new GetRunActivity(), call.Text("run"), cancellation);
        var diagnosis = await _run.DiagnoseAsync(activity, DefaultLimit, cancellation);
        return [RunStatusView.Of(activity, await reports, diagnosis)];
    }

    private async Task<IEnumerable<CommandResponse>> SteerAsync(IRunMessage message, string done, CommandCall call, CancellationToken cancellation)
    {
        var run = await _run.AskAsync<RunActivity>(message, call.Text("run"), cancellation);
        return [new CommandResponse($"{run.Status.Run} is {done} at step {run.Step}, with {run.Groups.Count} groups in flight", new { run.Status.Run, Paused = run.IsPaused, run.Step, Groups = run.Groups.Count })];
    }

    private async Task<IEnumerable<CommandResponse>> StopAsync(CommandCall call, CancellationToken cancellation)
    {
        var run = await _run.AskAsync<RunActivity>(new GetRunActivity(), call.Text("run"), cancellation);
        if (run.Status.Stage is RunStage.Finished or RunStage.Stopped or RunStage.Failed)
        {
            throw new CommandFailedException($"the run {run.Status.Run} is {run.Status.Stage.ToString().ToLowerInvariant()}", "Only a run that goes on can be stopped.", "");
        }

        await _run.TellAsync(new StopRun("by pbm"), null, cancellation);
        return [new CommandResponse($"{run.Status.Run} writes a checkpoint and stops; `run status` says when it has", new { run.Status.Run, Stopping = true, run.Step })];
    }

    private async Task<IEnumerable<CommandResponse>> LedgerAsync(CommandCall call, CancellationToken cancellation)
    {
        var ledger = await _run.AskAsync<LedgerView>(new GetLedger(call.Count("lines", DefaultLines)), call.Text("run"), cancellation);
        var summary = new CommandResponse(
            $"epoch {ledger.Epoch}, version {ledger.Version}, step {ledger.Step}, {ledger.Drawn} prompts: {string.Join(", ", ledger.Prompts.Where(p => p.Value > 0).Select(p => $"{p.Value} {p.Key}"))}",
            new { ledger.Epoch, Version = ledger.Version.ToString(), ledger.Step, ledger.Drawn, ledger.Prompts });
        return ledger.Lines.Select(line => new CommandResponse(line, System.Text.Json.Nodes.JsonNode.Parse(line))).Prepend(summary);
    }

    private async Task<IEnumerable<CommandResponse>> DiagnoseAsync(CommandCall call, CancellationToken cancellation)
    {
        var activity = await _run.AskAsync<RunActivity>(new GetRunActivity(), call.Text("run"), cancellation);
        var diagnosis = await _run.DiagnoseAsync(activity, call.Duration("limit", DefaultLimit), cancellation);
        return Rows.Of(diagnosis.Rows).Append(new CommandResponse(diagnosis.Verdict, new { diagnosis.Verdict, Stuck = diagnosis.IsStuck }, diagnosis.IsStuck ? 1 : 0));
    }
}
