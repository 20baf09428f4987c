using Akka.Cluster.Sharding;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Rollouts;

/// <summary>How groups are sharded: the shard stands in the group's id and is the incarnation of the node that runs it.</summary>
public static class GroupSharding
{
    /// <summary>The region's name.</summary>
    public const string RegionName = "rollout-group";

    /// <summary>Reads entity and shard from a message.</summary>
    public static IMessageExtractor Extractor { get; } = new GroupMessageExtractor();

    /// <summary>The incarnation of a node: its cluster address and the uid of its actor system, never used again.</summary>
    public static string IncarnationOf(Akka.Cluster.UniqueAddress node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return $"{node.Address.Host}_{node.Address.Port}_{node.Uid}";
    }

    private sealed class GroupMessageExtractor : IMessageExtractor
    {
        public string? EntityId(object message) => message is IGroupMessage group ? group.Id.ToString() : null;

        public object? EntityMessage(object message) => message;

        public string? ShardId(object message) => message is IGroupMessage group ? group.Id.Shard : null;

        public string ShardId(string entityId, object? messageHint = null) => messageHint is IGroupMessage group ? group.Id.Shard : entityId;
    }
}
