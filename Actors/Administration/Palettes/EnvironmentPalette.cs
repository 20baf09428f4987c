using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>env</c>: where new groups come from, while the run goes on.</summary>
public sealed class EnvironmentPalette : PaletteHandler
{
    private static readonly ArgumentDefinition Name = new("name", "the environment's name, as `env list` prints it") { IsMandatory = true };

    private static readonly TextTable<EnvironmentEntry> Entries = new(
        e => e,
        ("ENVIRONMENT", e => e.Name),
        ("VERSION", e => e.Version),
        ("WEIGHT", e => $"{e.Weight:0.###}"),
        ("STATE", e => e.State),
        ("PROMPTS", e => $"{e.Drawn}"),
        ("IN FLIGHT", e => $"{e.InFlight}"),
        ("HASH", e => e.Hash.Length > 12 ? e.Hash[..12] : e.Hash),
        ("", e => e.Problem ?? ""));

    private static readonly TextTable<(string Node, EnvironmentStatus? Environment, string? Problem)> Processes = new(
        p => new
        {
            p.Node,
            Environment = p.Environment?.Name,
            p.Environment?.Version,
            State = p.Environment?.State.ToString().ToLowerInvariant(),
            Process = p.Environment?.ProcessId,
            p.Environment?.Calls,
            p.Environment?.Failures,
            p.Environment?.Restarts,
            Hash = p.Environment?.Sha256,
            Problem = p.Problem ?? p.Environment?.Reason,
        },
        ("NODE", p => p.Node),
        ("ENVIRONMENT", p => p.Environment?.Name ?? "-"),
        ("VERSION", p => p.Environment?.Version ?? "-"),
        ("STATE", p => p.Environment?.State.ToString().ToLowerInvariant() ?? "-"),
        ("PROCESS", p => p.Environment?.ProcessId is { } process ? $"{process}" : "-"),
        ("CALLS", p => $"{p.Environment?.Calls ?? 0}"),
        ("FAILURES", p => $"{p.Environment?.Failures ?? 0}"),
        ("RESTARTS", p => $"{p.Environment?.Restarts ?? 0}"),
        ("", p => p.Problem ?? p.Environment?.Reason ?? ""));

    private readonly ClusterNodes _nodes;
    private readonly ActiveRun _run;

    public EnvironmentPalette(ClusterNodes nodes, ActiveRun run)
        : base("env", "Environments of the run")
    {
        (_nodes, _run) = (nodes, run);
        Process(new CommandDefinition("list", "Environments, their weights and what was drawn from them."), async (_, cancellation) =>
            Entries.Of((await _run.AskIfAnyAsync<EnvironmentList>(new GetRunEnvironments(), cancellation))?.Environments ?? []));
        Process(
            new CommandDefinition(
                "inject",
                "Draw new groups from a package that was pushed, from now on; a newer version replaces the older one.",
                Name,
                new ArgumentDefinition("weight", "its share of new groups, from 0 to 1; an upgrade keeps the one it has unless given") { Switches = ["-w", "--weight"], Kind = ArgumentKind.Number },
                new ArgumentDefinition("version", "the newest that was pushed, unless given") { Switches = ["-v", "--version"] }) { Changes = true },
            (call, cancellation) => ChangeAsync(new InjectEnvironment(call.Text("name")!, call.Text("version"), call.Has("weight") ? Share(call) : null), cancellation));
        Process(
            new CommandDefinition("weight", "Change an environment's share of new groups.", Name, new ArgumentDefinition("weight", "from 0 to 1") { IsMandatory = true, Kind = ArgumentKind.Number }) { Changes = true },
            (call, cancellation) => ChangeAsync(new WeightEnvironment(call.Text("name")!, Share(call)), cancellation));
        Process(
            new CommandDefinition("withdraw", "Draw no new groups from an environment; groups in flight end, then its processes do.", Name) { Changes = true },
            (call, cancellation) => ChangeAsync(new WithdrawEnvironment(call.Text("name")!), cancellation));
        Process(new CommandDefinition("inspect", "Processes of injected packages on every node.", Name with { IsMandatory = false, Description = "only this environment's" }), InspectAsync);
    }

    private static double Share(CommandCall call)
    {
        var share = call.Number("weight", 0);
        return share <= 1 ? share : throw new CommandFailedException($"the weight {share} is too large", "A weight is a share of all new groups, from 0 to 1.", "Give 0.3 for 30 %.");
    }

    private async Task<IEnumerable<CommandResponse>> ChangeAsync(IRunMessage change, CancellationToken cancellation)
    {
        var changed = await _run.AskAsync<EnvironmentsChanged>(change, null, cancellation, ActiveRun.InstallDeadline);
        return [new CommandResponse(changed.What, new { Changed = changed.What })];
    }

    private async Task<IEnumerable<CommandResponse>> InspectAsync(CommandCall call, CancellationToken cancellation)
    {
        var answers = await _nodes.AskAllAsync<NodeReport>(new GetNodeReport(), cancellation);
        var rows = new List<(string, EnvironmentStatus?, string?)>();
        foreach (var answer in answers)
        {
            var node = answer.Node.Address.ToString();
            rows.AddRange(answer.Answer is { } report
                ? report.Environments.Where(e => call.Text("name") is not { } name || e.Name == name).Select(e => (node, (EnvironmentStatus?)e, (string?)null))
                : [(node, null, answer.Problem)]);
        }

        return Processes.Of(rows);
    }
}
