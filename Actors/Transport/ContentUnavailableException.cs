namespace Intellect3.Actors.Transport;

/// <summary>Content could not be pulled: its node is gone, or freed it, or sent other bytes than it announced.</summary>
public sealed class ContentUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
