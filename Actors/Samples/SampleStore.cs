using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Samples;

/// <summary>
/// The payloads that a rollout node made, until the step that trains on them is committed. Trainers pull them over the byte channel. Bounded, thread-safe.
/// </summary>
/// <param name="node">Where this node serves its bytes.</param>
/// <param name="capacity">Bytes that payloads may hold together.</param>
public sealed class SampleStore(NodeAddress node, long capacity) : IByteSource
{
    /// <summary>The name of this source among a node's <see cref="ByteSources"/>.</summary>
    public const string SourceName = "samples";

    private const string Prefix = SourceName + "/";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryContent> _payloads = new(StringComparer.Ordinal);
    private long _inUse;

    /// <summary>How full the store is.</summary>
    public SampleStoreStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new SampleStoreStatus(_payloads.Count, _inUse, capacity);
            }
        }
    }

    /// <summary>Keeps a payload and returns the reference that a message carries.</summary>
    /// <param name="key">Its name on this node, for example <c>group/attempt</c>.</param>
    /// <param name="payload">Must not change any more.</param>
    /// <exception cref="SampleStoreFullException">There is no room.</exception>
    /// <exception cref="ArgumentException">Another payload is kept under the key. The same one again is no error.</exception>
    public ContentRef Put(string key, byte[] payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(payload);
        var content = new MemoryContent(payload);
        lock (_gate)
        {
            if (!_payloads.TryGetValue(key, out var kept))
            {
                if (payload.Length > capacity - _inUse)
                {
                    throw new SampleStoreFullException(key, payload.Length, _inUse, capacity);
                }

                _payloads.Add(key, content);
                _inUse += payload.Length;
            }
            else if (kept.Digest.Root != content.Digest.Root)
            {
                throw new ArgumentException($"another payload is kept under {key}", nameof(key));
            }
        }

        return new ContentRef(node, Prefix + key, payload.Length, content.Digest.Root);
    }

    /// <summary>The payload under a key of <see cref="Put"/>; null when there is none (any more).</summary>
    public ReadOnlyMemory<byte>? Find(string key)
    {
        lock (_gate)
        {
            return _payloads.TryGetValue(key, out var content) ? (ReadOnlyMemory<byte>?)content.Bytes : null;
        }
    }

    /// <summary>Forgets the payload of a reference. False when there is none (any more).</summary>
    /// <param name="contentKey">The <see cref="ContentRef.Key"/> that <see cref="Put"/> returned.</param>
    public bool Free(string contentKey)
    {
        ArgumentNullException.ThrowIfNull(contentKey);
        lock (_gate)
        {
            if (!contentKey.StartsWith(Prefix, StringComparison.Ordinal) || !_payloads.Remove(contentKey[Prefix.Length..], out var content))
            {
                return false;
            }

            _inUse -= content.Digest.Length;
            return true;
        }
    }

    public IByteContent? Open(string key)
    {
        lock (_gate)
        {
            return _payloads.GetValueOrDefault(key);
        }
    }
}
