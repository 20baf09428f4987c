using System.Runtime.InteropServices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Transport;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>
/// Brings one version after the other to a node: whole, or as the changes to the version that the node holds. Passes on what it pulls, from the first chunk until the
/// next version is there.
/// </summary>
/// <remarks>Not thread-safe: one version at a time.</remarks>
/// <param name="layout">The model's.</param>
/// <param name="channel">Where bytes are pulled.</param>
/// <param name="relay">Passes them on; null for a node that does not, and so holds no version to which changes could be applied.</param>
/// <param name="patience">How long a node nearest to the publisher waits for a chunk of another node before it goes to the publisher.</param>
public sealed class ParameterFetch(ParameterLayout layout, IByteChannel channel, ContentRelay? relay, TimeSpan patience) : IDisposable
{
    private (ParameterManifest Manifest, ParameterSet Parameters)? _held;

    // Filled again once nobody reads it any more: allocating and clearing a large vector can take longer than pulling it.
    private ParameterSet? _spare;

    /// <summary>Pulls a version.</summary>
    /// <param name="manifest">The version.</param>
    /// <param name="relays">Nodes that pass it on, the best first; after them comes the publisher.</param>
    /// <param name="whole">The whole vector, even when changes would do.</param>
    /// <param name="cancellation">Bounds the pull.</param>
    /// <exception cref="ContentUnavailableException">It cannot be had.</exception>
    public async Task<FetchedParameters> PullAsync(ParameterManifest manifest, IReadOnlyList<NodeAddress> relays, bool whole, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(relays);
        if (manifest.Content.Length != layout.Count * sizeof(float))
        {
            throw new ContentUnavailableException($"version {manifest.Version} has {manifest.Content.Length} bytes, the model {layout.Count * sizeof(float)}");
        }

        if (_held is var (held, parameters) && held.Content.Hash == manifest.Content.Hash)
        {
            return new FetchedParameters(manifest, parameters.AddReference(), null, []);
        }

        var complaints = new List<string>();
        if (!whole && manifest.Delta is { } delta && _held?.Manifest.Version == delta.Base && ParameterDelta.Pays(delta.Content.Length, manifest.Content.Length))
        {
            try
            {
                var target = new BytesTarget();
                complaints.AddRange(await PullAsync(delta.Content, relays, target, digest => new MemoryContent(target.Bytes, digest), cancellation));
                ParameterMetrics.Pulled(delta.Content.Length, whole: false);
                return new FetchedParameters(manifest, null, target.Bytes, complaints);
            }
            catch (ContentUnavailableException exception)
            {
                complaints.Add(exception.Message);
            }
        }

        var set = Take();
        try
        {
            complaints.AddRange(await PullAsync(manifest.Content, relays, new ParameterTarget(set), digest => ParameterContent.Open(set, digest), cancellation));
            ParameterMetrics.Pulled(manifest.Content.Length, whole: true);
            return new FetchedParameters(manifest, set, null, complaints);
        }
        catch
        {
            Spare(set);
            throw;
        }
    }

    /// <summary>Makes the parameters of what was pulled, which the caller disposes, and holds them. Passes over the whole vector: never on the thread pool.</summary>
    /// <exception cref="ContentUnavailableException">The changes do not make the vector that was announced: pull it whole.</exception>
    public ParameterSet Complete(FetchedParameters fetched)
    {
        ArgumentNullException.ThrowIfNull(fetched);
        var parameters = fetched.Whole ?? Changed(fetched.Manifest, fetched.Delta!);
        if (relay is not null)
        {
            Release(except: fetched.Manifest);
            _held = (fetched.Manifest, parameters.AddReference());
        }

        return parameters;
    }

    /// <summary>Gives back what was pulled in vain.</summary>
    public void Abandon(FetchedParameters fetched)
    {
        ArgumentNullException.ThrowIfNull(fetched);
        if (_held?.Manifest.Content.Hash != fetched.Manifest.Content.Hash)
        {
            EndRelay(fetched.Manifest);
        }

        if (fetched.Whole is { } set)
        {
            Spare(set);
        }
    }

    /// <summary>Gives back the version held.</summary>
    public void Dispose()
    {
        Release(except: null);
        _spare?.Dispose();
        _spare = null;
    }

    private async Task<IReadOnlyList<string>> PullAsync(
        ContentRef content, IReadOnlyList<NodeAddress> relays, IPullTarget target, Func<ContentDigest, IByteContent> open, CancellationToken cancellation)
    {
        try
        {
            return await channel.PullAsync(
                [.. relays.Select(node => ContentRelay.At(node, content)), content], patience, relay is null ? target : new RelayTarget(target, relay, open), cancellation);
        }
        catch
        {
            relay?.End(content.Hash);
            throw;
        }
    }

    private ParameterSet Changed(ParameterManifest manifest, byte[] delta)
    {
        var parameters = Take();
        try
        {
            _held!.Value.Parameters.Values.CopyTo(parameters.Values);
            ParameterDelta.Apply(delta, MemoryMarshal.Cast<float, uint>(parameters.Values));
            var digest = ParameterContent.DigestOf(parameters);
            if (digest.Root != manifest.Content.Hash)
            {
                throw new FormatException($"they make a vector of hash {digest.Root}, {manifest.Content.Hash} was announced");
            }

            relay!.Begin(digest, () => ParameterContent.Open(parameters, digest));
            relay.Advance(digest.Root, digest.Length);
            return parameters;
        }
        catch (FormatException exception)
        {
            Spare(parameters);
            throw new ContentUnavailableException($"the changes from version {manifest.Delta!.Base} to {manifest.Version} cannot be used: {exception.Message}", exception);
        }
    }

    private void Release(ParameterManifest? except)
    {
        if (_held is not var (manifest, parameters))
        {
            return;
        }

        if (manifest.Content.Hash != except?.Content.Hash)
        {
            EndRelay(manifest);
        }

        Spare(parameters);
        _held = null;
    }

    private ParameterSet Take()
    {
        var spare = _spare;
        _spare = null;
        if (spare is null or { IsShared: false })
        {
            return spare ?? new ParameterSet(layout);
        }

        spare.Dispose();
        return new ParameterSet(layout);
    }

    /// <summary>Takes over a reference.</summary>
    private void Spare(ParameterSet set)
    {
        _spare?.Dispose();
        _spare = set;
    }

    private void EndRelay(ParameterManifest manifest)
    {
        relay?.End(manifest.Content.Hash);
        if (manifest.Delta is { } delta)
        {
            relay?.End(delta.Content.Hash);
        }
    }
}
