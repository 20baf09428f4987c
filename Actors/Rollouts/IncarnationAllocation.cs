using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;

namespace Intellect3.Actors.Rollouts;

/// <summary>Puts a shard on the node whose incarnation it names, and on any other when that node is gone (its groups then end as lost); a node is given work only once its region is registered. Never moves a shard: generation stays where its engine is.</summary>
public sealed class IncarnationAllocation(ActorSystem system) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        ArgumentNullException.ThrowIfNull(currentShardAllocations);
        var cluster = Cluster.Get(system);
        var node = cluster.State.Members.Select(m => m.UniqueAddress).FirstOrDefault(a => GroupSharding.IncarnationOf(a) == shardId);
        var region = currentShardAllocations.Keys.FirstOrDefault(r => AddressOf(r, cluster) == node?.Address) ?? currentShardAllocations.Keys.First();
        return Task.FromResult(region);
    }

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);

    private static Address AddressOf(IActorRef region, Cluster cluster) =>
        region.Path.Address.HasLocalScope ? cluster.SelfAddress : region.Path.Address;
}
