using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Parameters;

/// <summary>
/// Decides which version a rollout node fetches and which it swaps to. Versions only ever go up, lineage first; one is fetched at a time, and of those
/// that are announced meanwhile the newest is next.
/// </summary>
/// <remarks>A fetched version is swapped in even when a newer one of its lineage is known already: a node that is slower than the trainer must get on, too.</remarks>
public sealed class VersionTracker
{
    private ParameterManifest? _next;

    /// <summary>What the engines were told to swap to last.</summary>
    public PolicyVersion? Current { get; private set; }

    /// <summary>What is being fetched.</summary>
    public ParameterManifest? Fetching { get; private set; }

    /// <summary>The newest version that the node has or is about to have.</summary>
    private PolicyVersion? Newest => _next?.Version ?? Fetching?.Version ?? Current;

    /// <summary>A version was announced. Returns it when it is to be fetched now.</summary>
    public ParameterManifest? Announce(ParameterManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (Newest >= manifest.Version)
        {
            return null;
        }

        _next = manifest;
        return Fetching is null ? StartNext() : null;
    }

    /// <summary>True when work for a version is coming that the node neither has nor fetches, so that it has to ask.</summary>
    public bool MustAskFor(PolicyVersion version) => !(Newest >= version);

    /// <summary>True when the engines have this version or a newer one.</summary>
    public bool Has(PolicyVersion version) => Current >= version;

    /// <summary>The version being fetched is ready. True when the engines swap to it; false when its lineage has ended.</summary>
    public bool Complete()
    {
        var fetched = Fetching?.Version ?? throw new InvalidOperationException("no version is being fetched");
        Fetching = null;
        if (_next is { } next && next.Version.Lineage != fetched.Lineage)
        {
            return false;
        }

        Current = fetched;
        return true;
    }

    /// <summary>The version being fetched cannot be had now; it may be announced again.</summary>
    public void Fail() => Fetching = null;

    /// <summary>Returns what is to be fetched next, after <see cref="Complete"/> or <see cref="Fail"/>.</summary>
    public ParameterManifest? StartNext()
    {
        if (Fetching is not null)
        {
            return null;
        }

        (Fetching, _next) = (_next, null);
        return Fetching;
    }
}
