namespace Intellect3.Model.Files.Checkpoints;

/// <summary>A checkpoint that could not be written or cannot be read: the message says which, why and what to do.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : Exception(message, inner);
