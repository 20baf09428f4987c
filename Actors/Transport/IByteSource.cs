namespace Intellect3.Actors.Transport;

/// <summary>A part of a node that has content by key. Thread-safe.</summary>
public interface IByteSource
{
    /// <summary>Opens content, which the caller disposes; null when there is none under the key (any more).</summary>
    IByteContent? Open(string key);

    /// <summary>As <see cref="Open"/>, but a source that expects the content soon may wait for it a little.</summary>
    ValueTask<IByteContent?> OpenAsync(string key, CancellationToken cancellation) => ValueTask.FromResult(Open(key));
}
