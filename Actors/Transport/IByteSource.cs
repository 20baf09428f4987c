namespace Intellect3.Actors.Transport;

/// <summary>A part of a node that has content by key. Thread-safe.</summary>
public interface IByteSource
{
    /// <summary>Opens content, which the caller disposes; null when there is none under the key (any more).</summary>
    IByteContent? Open(string key);
}
