using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Intellect3.Actors.Rollouts;

/// <summary>Puts a shard on the node whose incarnation it names, and on any other when that node is gone (its groups then end as lost); a node that is there but has not registered its region yet is waited for. Never moves a shard: generation stays where its engine is.</summary>
public sealed class IncarnationAllocation(ActorSystem system) : IShardAllocationStrategy
{
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        ArgumentNullException.ThrowIfNull(currentShardAllocations);
        var cluster = Akka.Cluster.Cluster.Get(system);
        var node = cluster.State.Members.Select(m => m.UniqueAddress).FirstOrDefault(a => GroupSharding.IncarnationOf(a) == shardId);
        var region = node is null ? currentShardAllocations.Keys.First() : currentShardAllocations.Keys.FirstOrDefault(r => AddressOf(r, cluster) == node.Address);

        // Akka asks again a little later when an allocation fails.
        return region is null ? Task.FromException<IActorRef>(new InvalidOperationException($"{shardId} has no region yet")) : Task.FromResult(region);
    }

    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);

    private static Address AddressOf(IActorRef region, Akka.Cluster.Cluster cluster) =>
        region.Path.Address.HasLocalScope ? cluster.SelfAddress : region.Path.Address;
}
