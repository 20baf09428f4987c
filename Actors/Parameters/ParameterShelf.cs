using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>The versions that a trainer node serves: the newest, and older ones of its lineage while somebody pulls them. Thread-safe.</summary>
/// <param name="run">The run's instance.</param>
/// <param name="node">Where this node serves its bytes.</param>
/// <param name="time">Tells how long ago a version was asked for.</param>
/// <param name="keepAsked">How long an older version is kept after it was last asked for.</param>
public sealed class ParameterShelf(string run, NodeAddress node, TimeProvider time, TimeSpan keepAsked) : IByteSource, IDisposable
{
    /// <summary>The name of this source among a node's <see cref="ByteSources"/>.</summary>
    public const string SourceName = "parameters";

    private const string DeltaSuffix = "-delta";

    private readonly Lock _gate = new();
    private readonly SortedDictionary<PolicyVersion, Entry> _entries = [];

    /// <summary>Where this node serves its bytes.</summary>
    public NodeAddress Node { get; } = node;

    /// <summary>Versions on the shelf, oldest first.</summary>
    public IReadOnlyList<PolicyVersion> Versions
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Keys];
            }
        }
    }

    /// <summary>The newest version; null before the first.</summary>
    public ParameterManifest? Newest
    {
        get
        {
            lock (_gate)
            {
                return _entries.Values.LastOrDefault()?.Manifest;
            }
        }
    }

    /// <summary>The newest version's parameters, as a reference that the caller disposes; null before the first.</summary>
    public (PolicyVersion Version, ParameterSet Parameters)? BorrowNewest()
    {
        lock (_gate)
        {
            return _entries.Count == 0 ? null : (_entries.Keys.Last(), _entries.Values.Last().Parameters.AddReference());
        }
    }

    /// <summary>Puts a version on the shelf, which takes a reference, and clears away what nobody needs. Null when a newer one or the same is there.</summary>
    /// <param name="version">The version.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="digest">Their digest.</param>
    /// <param name="delta">What changed since an older version, when that is much less.</param>
    public ParameterManifest? Put(PolicyVersion version, ParameterSet parameters, ContentDigest digest, (PolicyVersion Base, MemoryContent Content)? delta = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        lock (_gate)
        {
            if (_entries.Count > 0 && _entries.Keys.Last() >= version)
            {
                return null;
            }

            foreach (var (old, entry) in _entries.ToList())
            {
                if (old.Lineage != version.Lineage || entry.LastAsked is not { } asked || time.GetElapsedTime(asked) >= keepAsked)
                {
                    _entries.Remove(old);
                    entry.Parameters.Dispose();
                }
            }

            var manifest = new ParameterManifest(
                run,
                version,
                LayoutFingerprint.Of(parameters.Layout),
                RefTo(version.ToString(), digest),
                delta is var (@base, changes) ? new ParameterDeltaRef(@base, RefTo(version + DeltaSuffix, changes.Digest)) : null);
            _entries.Add(version, new Entry(parameters.AddReference(), digest, delta?.Content, manifest));
            return manifest;
        }
    }

    public IByteContent? Open(string key)
    {
        lock (_gate)
        {
            foreach (var (version, entry) in _entries)
            {
                if (key.StartsWith(version.ToString(), StringComparison.Ordinal) && key[version.ToString().Length..] is ("" or DeltaSuffix) and var suffix)
                {
                    entry.LastAsked = time.GetTimestamp();
                    return suffix.Length == 0 ? ParameterContent.Open(entry.Parameters, entry.Digest) : entry.Delta;
                }
            }

            return null;
        }
    }

    /// <summary>Gives all versions back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Parameters.Dispose();
            }

            _entries.Clear();
        }
    }

    private ContentRef RefTo(string key, ContentDigest digest) => new(Node, $"{SourceName}/{key}", digest.Length, digest.Root);

    private sealed class Entry(ParameterSet parameters, ContentDigest digest, MemoryContent? delta, ParameterManifest manifest)
    {
        public ParameterManifest Manifest { get; } = manifest;

        public ParameterSet Parameters { get; } = parameters;

        public ContentDigest Digest { get; } = digest;

        public MemoryContent? Delta { get; } = delta;

        public long? LastAsked { get; set; }
    }
}
