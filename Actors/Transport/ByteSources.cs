using System.Collections.Concurrent;

namespace Intellect3.Actors.Transport;

/// <summary>Everything that a node serves: a key is <c>source/rest</c>, and the source has the rest. Thread-safe.</summary>
public sealed class ByteSources : IByteSource
{
    private readonly ConcurrentDictionary<string, IByteSource> _sources = new(StringComparer.Ordinal);

    /// <summary>Serves a source's content under its name.</summary>
    /// <exception cref="ArgumentException">The name is taken, or is none.</exception>
    public void Add(string name, IByteSource source)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal) || !_sources.TryAdd(name, source))
        {
            throw new ArgumentException($"'{name}' is taken or has a slash in it", nameof(name));
        }
    }

    /// <summary>Serves a source no more; an unknown name is no error.</summary>
    public void Remove(string name) => _sources.TryRemove(name, out _);

    public IByteContent? Open(string key) => Find(key) is var (source, rest) ? source.Open(rest) : null;

    public ValueTask<IByteContent?> OpenAsync(string key, CancellationToken cancellation) =>
        Find(key) is var (source, rest) ? source.OpenAsync(rest, cancellation) : default;

    private (IByteSource Source, string Key)? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && _sources.TryGetValue(key[..slash], out var source) ? (source, key[(slash + 1)..]) : null;
    }
}
