using System.Collections.Concurrent;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Samples;

/// <summary>A rollout node's payloads, in memory until they are freed. Bounded: a payload that does not fit is refused, never waited for. Thread-safe.</summary>
/// <param name="node">The address that serves the store.</param>
/// <param name="capacityBytes">Bytes that it holds.</param>
public sealed class SampleStore(NodeAddress node, long capacityBytes) : IByteSource
{
    /// <summary>The name under which a node serves it.</summary>
    public const string SourceName = "samples";

    private readonly ConcurrentDictionary<string, MemoryContent> _contents = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Bytes held.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public int Count => _contents.Count;

    /// <summary>Stores a payload and returns where it is. The array must not change after.</summary>
    /// <exception cref="SampleStoreFullException">There is no room.</exception>
    /// <exception cref="ArgumentException">The key is taken.</exception>
    public ContentRef Put(string key, byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        if (Interlocked.Add(ref _bytes, payload.Length) > capacityBytes)
        {
            Interlocked.Add(ref _bytes, -payload.Length);
            throw new SampleStoreFullException($"a payload of {payload.Length} bytes does not fit: the sample store holds {Bytes} of {capacityBytes} bytes that the trainer has not freed yet");
        }

        var content = new MemoryContent(payload);
        if (!_contents.TryAdd(key, content))
        {
            Interlocked.Add(ref _bytes, -payload.Length);
            throw new ArgumentException($"there is a payload '{key}' already", nameof(key));
        }

        return new ContentRef(node, $"{SourceName}/{key}", payload.Length, content.Digest.Root);
    }

    public IByteContent? Open(string key) => _contents.GetValueOrDefault(key);

    /// <summary>Frees a payload; false when there is none (any more).</summary>
    public bool Free(string key)
    {
        if (!_contents.TryRemove(key, out var content))
        {
            return false;
        }

        Interlocked.Add(ref _bytes, -content.Digest.Length);
        return true;
    }
}
