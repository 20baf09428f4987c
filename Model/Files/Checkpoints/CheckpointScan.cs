namespace Intellect3.Model.Files.Checkpoints;

/// <summary>What a folder of checkpoints holds.</summary>
/// <param name="Complete">Names of those whose every file is there and has its hash, newest first.</param>
/// <param name="Skipped">The others.</param>
public sealed record CheckpointScan(IReadOnlyList<string> Complete, IReadOnlyList<SkippedCheckpoint> Skipped);

/// <summary>A folder that is no complete checkpoint, and why.</summary>
public sealed record SkippedCheckpoint(string Name, string Reason);
