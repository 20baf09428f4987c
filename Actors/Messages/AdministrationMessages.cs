using Intellect3.Model.Inference;

namespace Intellect3.Actors.Messages;

/// <summary>Between the node that a person asks and the node that knows. Every node's <see cref="Administration.Nodes.NodeAdministrator"/> answers.</summary>
[WireProtocol("administration", 1)]
public interface IAdministrationMessage : IWireMessage;

/// <summary>The node could not find out what it was asked.</summary>
public sealed record AdministrationFailed(string Reason) : IAdministrationMessage;

/// <summary>Asks a node for all that palettes show of it; answered by <see cref="NodeReport"/>.</summary>
public sealed record GetNodeReport : IAdministrationMessage;

/// <summary>A node, its parts and what they do. What it does not have, or what did not answer, is null or empty.</summary>
public sealed record NodeReport : IAdministrationMessage
{
    /// <summary>Names the node's process.</summary>
    public required string Incarnation { get; init; }

    public required string Machine { get; init; }

    /// <summary>The process's id.</summary>
    public required int Process { get; init; }

    public required TimeSpan Uptime { get; init; }

    public required int Processors { get; init; }

    /// <summary>[bytes]</summary>
    public required long WorkingSet { get; init; }

    public FreeSlots? Slots { get; init; }

    public IReadOnlyList<EngineStatus> Engines { get; init; } = [];

    public SampleStoreStatus? Samples { get; init; }

    /// <summary>What its engines sample from.</summary>
    public PolicyVersion? Version { get; init; }

    /// <summary>Versions that it has heard of, oldest first.</summary>
    public IReadOnlyList<VersionNews> Versions { get; init; } = [];

    public IReadOnlyList<EnvironmentStatus> Environments { get; init; } = [];
}

/// <summary>A published version of the weights.</summary>
/// <param name="Bytes">Of the whole vector.</param>
/// <param name="Hash">Of its content.</param>
/// <param name="Publisher">Address of the node that published it.</param>
public sealed record VersionNews(PolicyVersion Version, DateTimeOffset Time, long Bytes, string Hash, string Publisher);

/// <summary>Asks for the actors below a path, the deeper ones after their parents; answered by <see cref="ActorPaths"/> or <see cref="AdministrationFailed"/>.</summary>
/// <param name="Path">Without address, as <c>/user</c>; <c>/</c> for all.</param>
/// <param name="Depth">Levels below it.</param>
public sealed record GetActorPaths(string Path, int Depth) : IAdministrationMessage;

/// <param name="Left">How many there were beyond these.</param>
public sealed record ActorPaths(IReadOnlyList<string> Paths, int Left) : IAdministrationMessage;

/// <summary>Asks for log entries; answered by <see cref="LogEntries"/>.</summary>
/// <param name="After">Entries above this number; 0 for all that the node still has.</param>
/// <param name="Most">At most so many, the newest ones.</param>
/// <param name="Level">The least level.</param>
public sealed record GetLogEntries(long After, int Most, LogEntryLevel Level) : IAdministrationMessage;

/// <param name="Last">The number of the newest entry of all.</param>
public sealed record LogEntries(IReadOnlyList<LogEntry> Entries, long Last) : IAdministrationMessage;

public enum LogEntryLevel
{
    Debug,
    Info,
    Warning,
    Error,
}

/// <param name="Number">From 1, without gaps on a node.</param>
/// <param name="Actor">Path of the actor that logged, or the category.</param>
/// <param name="Run">The run that the node was in.</param>
public sealed record LogEntry(long Number, DateTimeOffset Time, LogEntryLevel Level, string Actor, string? Run, string Message);

/// <summary>Asks for the node's shard regions; answered by <see cref="ShardRegions"/>.</summary>
public sealed record GetShardRegions : IAdministrationMessage;

public sealed record ShardRegions(IReadOnlyList<ShardRegionReport> Regions) : IAdministrationMessage;

/// <param name="Type">The region's name.</param>
/// <param name="Answered">False when the region did not answer in time.</param>
public sealed record ShardRegionReport(string Type, bool Answered, IReadOnlyList<ShardReport> Shards);

public sealed record ShardReport(string Id, int Entities);

/// <summary>Asks how groups of this node are getting on; answered by <see cref="GroupStatuses"/>. A few at a time: every rollout of theirs is in the answer.</summary>
public sealed record GetGroupStatuses(IReadOnlyList<GroupId> Groups) : IAdministrationMessage;

/// <param name="Groups">Those that live here and answered.</param>
public sealed record GroupStatuses(IReadOnlyList<GroupStatus> Groups) : IAdministrationMessage;

/// <summary>How an attempt at a group is getting on.</summary>
/// <param name="Stage">What it does.</param>
/// <param name="WaitsOn">For whom or what.</param>
/// <param name="Age">Time in this stage.</param>
/// <param name="Rollouts">Those that have not ended.</param>
/// <param name="Done">How many have.</param>
public sealed record GroupStatus(GroupId Id, string Stage, string WaitsOn, TimeSpan Age, IReadOnlyList<RolloutStatus> Rollouts, int Done);

/// <summary>How an episode is getting on.</summary>
/// <param name="Rollout">Its place in the group.</param>
/// <param name="Stage">What it does.</param>
/// <param name="WaitsOn">For whom or what.</param>
/// <param name="Age">Time in this stage.</param>
/// <param name="Turn">The policy's turn, from 1.</param>
public sealed record RolloutStatus(int Rollout, string Stage, string WaitsOn, TimeSpan Age, int Turn);
