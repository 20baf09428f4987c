namespace Intellect3.Actors.Administration.Nodes;

/// <summary>What a node's administrator is given.</summary>
public sealed record NodeAdministratorOptions
{
    /// <summary>The node's log.</summary>
    public required LogRing Log { get; init; }

    /// <summary>The clock of uptimes and dates.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a part of the node may take to answer; half of what other nodes wait for this one.</summary>
    public TimeSpan PartTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
