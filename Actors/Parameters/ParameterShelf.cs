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

    private readonly Lock _gate = new();
    private readonly SortedDictionary<PolicyVersion, Entry> _entries = [];

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

    /// <summary>Puts a version on the shelf, which takes a reference, and clears away what nobody needs. Null when a newer one or the same is there.</summary>
    public ParameterManifest? Put(PolicyVersion version, ParameterSet parameters, ContentDigest digest)
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

            var content = new ContentRef(node, $"{SourceName}/{version}", digest.Length, digest.Root);
            var manifest = new ParameterManifest(run, version, LayoutFingerprint.Of(parameters.Layout), content);
            _entries.Add(version, new Entry(parameters.AddReference(), digest, manifest));
            return manifest;
        }
    }

    public IByteContent? Open(string key)
    {
        lock (_gate)
        {
            foreach (var (version, entry) in _entries)
            {
                if (string.Equals(version.ToString(), key, StringComparison.Ordinal))
                {
                    entry.LastAsked = time.GetTimestamp();
                    return ParameterContent.Open(entry.Parameters, entry.Digest);
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

    private sealed class Entry(ParameterSet parameters, ContentDigest digest, ParameterManifest manifest)
    {
        public ParameterManifest Manifest { get; } = manifest;

        public ParameterSet Parameters { get; } = parameters;

        public ContentDigest Digest { get; } = digest;

        public long? LastAsked { get; set; }
    }
}
