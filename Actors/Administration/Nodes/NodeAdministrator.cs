using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Rollouts;

namespace Intellect3.Actors.Administration.Nodes;

/// <summary>Answers what other nodes' palettes ask about this one: its actors, log, shards, engines, weights and groups. Every part it asks has a deadline.</summary>
public sealed class NodeAdministrator : ReceiveActor
{
    /// <summary>Its name under <c>/user</c>.</summary>
    public const string ActorName = "administrator";

    private const int VersionsKept = 100;

    private readonly NodeAdministratorOptions _options;
    private readonly ActorSystem _system = Context.System;
    private readonly NodeReports _reports;
    private readonly Queue<VersionNews> _versions = new();

    public NodeAdministrator(NodeAdministratorOptions options)
    {
        _options = options;
        _reports = new NodeReports(_system, options);
        Receive<GetNodeReport>(_ => _reports.MakeAsync([.. _versions]).PipeTo(Sender, Self, failure: Failed));
        Receive<GetActorPaths>(ask => Sender.Tell(ActorTree.Below(_system, ask.Path, ask.Depth) as object ?? new AdministrationFailed($"there is no actor {ask.Path}")));
        Receive<GetLogEntries>(ask => Sender.Tell(_options.Log.Read(ask)));
        Receive<GetShardRegions>(_ => RegionsAsync().PipeTo(Sender, Self, failure: Failed));
        Receive<GetGroupStatuses>(ask => GroupsAsync(ask.Groups).PipeTo(Sender, Self, failure: Failed));
        Receive<WeightsAvailable>(Remember);
        Receive<SubscribeAck>(_ => { });
    }

    public static Props Props(NodeAdministratorOptions options) => Akka.Actor.Props.Create(() => new NodeAdministrator(options));

    protected override void PreStart() => DistributedPubSub.Get(_system).Mediator.Tell(new Subscribe(ParameterBroadcaster.Topic, Self));

    private static AdministrationFailed Failed(Exception exception) => new(exception.Message);

    private void Remember(WeightsAvailable available)
    {
        var (manifest, publisher) = (available.Manifest, available.Broadcaster.Path.Address);
        if (_versions.All(v => v.Version != manifest.Version))
        {
            var address = publisher.HasGlobalScope ? publisher : _reports.SelfAddress;
            _versions.Enqueue(new VersionNews(manifest.Version, _options.Time.GetUtcNow(), manifest.Content.Length, manifest.Content.Hash.ToString(), address.ToString()));
            if (_versions.Count > VersionsKept)
            {
                _versions.Dequeue();
            }
        }
    }

    private async Task<ShardRegions> RegionsAsync()
    {
        var sharding = ClusterSharding.Get(_system);
        return new ShardRegions(await Task.WhenAll(sharding.ShardTypeNames.Order(StringComparer.Ordinal).Select(RegionAsync)));

        async Task<ShardRegionReport> RegionAsync(string type)
        {
            try
            {
                var state = await sharding.ShardRegion(type).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, _options.PartTimeout);
                return new ShardRegionReport(type, true, [.. state.Shards.OrderBy(s => s.ShardId, StringComparer.Ordinal).Select(s => new ShardReport(s.ShardId, s.EntityIds.Count))]);
            }
            catch (AskTimeoutException)
            {
                return new ShardRegionReport(type, false, []);
            }
        }
    }

    private async Task<GroupStatuses> GroupsAsync(IReadOnlyList<GroupId> groups)
    {
        var answers = await Task.WhenAll(groups.Select(GroupAsync));
        return new GroupStatuses([.. answers.OfType<GroupStatus>()]);
    }

    private async Task<GroupStatus?> GroupAsync(GroupId id)
    {
        var entity = $"/system/sharding/{GroupSharding.RegionName}/{Uri.EscapeDataString(id.Shard)}/{Uri.EscapeDataString(id.ToString())}";
        return await NodeReports.AskPartAsync<GroupStatus>(_system, entity, new GetGroupStatus(), _options.PartTimeout);
    }
}
