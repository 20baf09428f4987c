using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;
using Intellect3.Environments;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>cluster-sharding</c>: which shards and entities live where.</summary>
public sealed class ShardingPalette : PaletteHandler
{
    private readonly ClusterNodes _nodes;

    public ShardingPalette(ClusterNodes nodes)
        : base("cluster-sharding", "Shard regions, shards and entities")
    {
        _nodes = nodes;
        var region = new ArgumentDefinition("region", "the region's name; all of them unless given") { Switches = ["-r", "--region"], Suggestions = [Rollouts.GroupSharding.RegionName] };
        Process(new CommandDefinition("regions", "Names of the regions, with the nodes, shards and entities of each."), RegionsAsync);
        Process(new CommandDefinition("region-stats", "Shards and entities of every node.", region), RegionStatsAsync);
        Process(new CommandDefinition("shard-stats", "Entities of every shard.", region), ShardStatsAsync);
    }

    private async Task<IEnumerable<CommandResponse>> RegionsAsync(CommandCall call, CancellationToken cancellation)
    {
        var regions = (await AskAsync(cancellation)).SelectMany(a => a.Answer?.Regions ?? []).GroupBy(r => r.Type, StringComparer.Ordinal).OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        return new TextTable<IGrouping<string, ShardRegionReport>>(
            r => new { Region = r.Key, Nodes = r.Count(), Shards = r.Sum(n => n.Shards.Count), Entities = r.Sum(n => n.Shards.Sum(s => s.Entities)) },
            ("REGION", r => r.Key),
            ("NODES", r => $"{r.Count()}"),
            ("SHARDS", r => $"{r.Sum(n => n.Shards.Count)}"),
            ("ENTITIES", r => $"{r.Sum(n => n.Shards.Sum(s => s.Entities))}")).Of(regions);
    }

    private async Task<IEnumerable<CommandResponse>> RegionStatsAsync(CommandCall call, CancellationToken cancellation) =>
        Chosen(await AskAsync(cancellation), call.Text("region"), (answer, region) =>
        {
            var entities = region.Shards.Sum(s => s.Entities);
            return [new CommandResponse(
                $"{Line(answer)} | {region.Type} | {(region.Answered ? $"shards: {region.Shards.Count} | entities: {entities}" : "no answer")}",
                new { Node = answer.Node.Address.ToString(), Region = region.Type, region.Answered, Shards = region.Shards.Count, Entities = entities })];
        });

    private async Task<IEnumerable<CommandResponse>> ShardStatsAsync(CommandCall call, CancellationToken cancellation) =>
        Chosen(await AskAsync(cancellation), call.Text("region"), (answer, region) => region.Shards.Select(shard => new CommandResponse(
            $"{Line(answer)} | {region.Type} | shard: {shard.Id} | entities: {shard.Entities}",
            new { Node = answer.Node.Address.ToString(), Region = region.Type, Shard = shard.Id, shard.Entities })));

    private string Line(NodeAnswer<ShardRegions> answer) => NodeLine.Of(answer.Node, _nodes.IsReachable(answer.Node));

    private Task<IReadOnlyList<NodeAnswer<ShardRegions>>> AskAsync(CancellationToken cancellation) => _nodes.AskAllAsync<ShardRegions>(new GetShardRegions(), cancellation);

    private IEnumerable<CommandResponse> Chosen(
        IReadOnlyList<NodeAnswer<ShardRegions>> answers,
        string? name,
        Func<NodeAnswer<ShardRegions>, ShardRegionReport, IEnumerable<CommandResponse>> show)
    {
        var known = answers.SelectMany(a => a.Answer?.Regions ?? []).Select(r => r.Type).Distinct().ToList();
        if (name is not null && !known.Contains(name))
        {
            throw new CommandFailedException($"there is no region {name}", NearestName.Of(name, known) is { } near ? $"Did you mean '{near}'?" : "", "`cluster-sharding regions` lists them.");
        }

        return answers.SelectMany(answer => answer.Answer is { } regions
            ? regions.Regions.Where(r => name is null || r.Type == name).SelectMany(r => show(answer, r))
            : [new CommandResponse($"{Line(answer)} | {answer.Problem}", new { Node = answer.Node.Address.ToString(), answer.Problem })]);
    }
}
