using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>device</c>: the machines and engines of the cluster.</summary>
public sealed class DevicePalette : PaletteHandler
{
    private static readonly TextTable<Row> Devices = new(
        r => new
        {
            r.Node,
            r.Roles,
            r.Report?.Machine,
            r.Report?.Process,
            r.Report?.Processors,
            r.Report?.WorkingSet,
            UptimeSeconds = r.Report is { } report ? Ages.Seconds(report.Uptime) : (double?)null,
            r.Engine,
            Version = r.Status?.Version?.ToString(),
            r.Status?.Running,
            r.Status?.Waiting,
            r.Status?.Statistics,
            SampleBytes = r.Report?.Samples?.InUse,
            r.Problem,
        },
        ("NODE", r => r.Node),
        ("ROLES", r => r.Roles),
        ("PROCESS", r => r.Report is { } report ? $"{report.Machine}:{report.Process}" : "-"),
        ("CPUS", r => r.Report is { } report ? $"{report.Processors}" : "-"),
        ("MEMORY", r => r.Report is { } report ? $"{report.WorkingSet / 1_000_000} MB" : "-"),
        ("ENGINE", r => r.Engine ?? "-"),
        ("RUNNING", r => r.Status is { } status ? $"{status.Running}" : "-"),
        ("WAITING", r => r.Status is { } status ? $"{status.Waiting}" : "-"),
        ("SAMPLED", r => r.Status is { } status ? $"{status.Statistics.SampledTokens}" : "-"),
        ("CACHE", r => r.Status is { Statistics: { CacheTokens: > 0 } statistics } ? $"{100.0 * statistics.CacheTokensInUse / statistics.CacheTokens:0} %" : "-"),
        ("", r => r.Problem ?? ""));

    public DevicePalette(ClusterNodes nodes)
        : base("device", "Machines and engines")
    {
        ArgumentNullException.ThrowIfNull(nodes);
        Process(new CommandDefinition("list", "Every node, its process, and what its engines do."), async (_, cancellation) =>
            Devices.Of([.. (await nodes.AskAllAsync<NodeReport>(new GetNodeReport(), cancellation)).SelectMany(Rows)]));
    }

    private static IEnumerable<Row> Rows(NodeAnswer<NodeReport> node)
    {
        var row = new Row(node.Node.Address.ToString(), string.Join(',', node.Node.Roles.Order(StringComparer.Ordinal)), node.Answer, null, null, node.Problem);
        return node.Answer is { Engines: { Count: > 0 } engines } ? engines.Select((status, i) => row with { Engine = $"engine-{i}", Status = status }) : [row];
    }

    private sealed record Row(string Node, string Roles, NodeReport? Report, string? Engine, EngineStatus? Status, string? Problem);
}
