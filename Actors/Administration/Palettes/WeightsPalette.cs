using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>weights</c>: which version is where, and which there were.</summary>
public sealed class WeightsPalette : PaletteHandler
{
    private static readonly TextTable<(NodeAnswer<NodeReport> Node, VersionNews? Newest)> Nodes = new(
        n => new { Node = n.Node.Node.Address.ToString(), Version = n.Node.Answer?.Version?.ToString(), Newest = n.Newest?.Version.ToString(), n.Node.Problem },
        ("NODE", n => n.Node.Node.Address.ToString()),
        ("ROLES", n => string.Join(',', n.Node.Node.Roles.Order(StringComparer.Ordinal))),
        ("VERSION", n => n.Node.Answer?.Version?.ToString() ?? "-"),
        ("", State));

    private static readonly TextTable<VersionNews> Versions = new(
        v => new { Version = v.Version.ToString(), v.Time, v.Bytes, v.Hash, Node = v.Publisher },
        ("VERSION", v => v.Version.ToString()),
        ("PUBLISHED", v => $"{v.Time:HH:mm:ss}"),
        ("BYTES", v => $"{v.Bytes}"),
        ("HASH", v => v.Hash),
        ("BY", v => v.Publisher));

    private readonly ClusterNodes _nodes;

    public WeightsPalette(ClusterNodes nodes)
        : base("weights", "Versions of the policy's weights")
    {
        _nodes = nodes;
        Process(new CommandDefinition("show", "The newest version, and what every node samples from."), ShowAsync);
        Process(new CommandDefinition("history", "Versions published since the nodes started, oldest first."), async (_, cancellation) => Versions.Of(Published(await AskAsync(cancellation))));
    }

    private static string State((NodeAnswer<NodeReport> Node, VersionNews? Newest) node) =>
        node.Node.Problem
        ?? (node.Node.Answer?.Version is not { } version ? ""
        : node.Newest is null || version >= node.Newest.Version ? "newest"
        : version.Lineage == node.Newest.Version.Lineage ? $"{node.Newest.Version.Number - version.Number} behind"
        : "of an older lineage");

    private static List<VersionNews> Published(IEnumerable<NodeAnswer<NodeReport>> reports) =>
        [.. reports.SelectMany(r => r.Answer?.Versions ?? []).OrderBy(v => v.Time).DistinctBy(v => (v.Version, v.Hash)).OrderBy(v => v.Version)];

    private async Task<IEnumerable<CommandResponse>> ShowAsync(CommandCall call, CancellationToken cancellation)
    {
        var reports = await AskAsync(cancellation);
        var newest = Published(reports).LastOrDefault();
        var summary = newest is null
            ? new CommandResponse("no version was published yet", new { Newest = (string?)null })
            : new CommandResponse($"newest {newest.Version}, {newest.Bytes} bytes, hash {newest.Hash}, by {newest.Publisher}", new { Newest = newest.Version.ToString(), newest.Bytes, newest.Hash, newest.Publisher });
        return Nodes.Of([.. reports.Where(r => r.Problem is not null || r.Node.HasRole("rollout")).Select(r => (r, newest))]).Prepend(summary);
    }

    private Task<IReadOnlyList<NodeAnswer<NodeReport>>> AskAsync(CancellationToken cancellation) => _nodes.AskAllAsync<NodeReport>(new GetNodeReport(), cancellation);
}
