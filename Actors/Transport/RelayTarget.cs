namespace Intellect3.Actors.Transport;

/// <summary>Passes on what is pulled, from its first chunk on.</summary>
/// <param name="target">Where the bytes are put.</param>
/// <param name="relay">Serves them.</param>
/// <param name="open">Opens the target's bytes under their digest.</param>
internal sealed class RelayTarget(IPullTarget target, ContentRelay relay, Func<ContentDigest, IByteContent> open) : IPullTarget
{
    private ContentHash _content;

    public void Begin(ContentDigest digest)
    {
        _content = digest.Root;
        target.Begin(digest);
        relay.Begin(digest, () => open(digest));
    }

    public Memory<byte> Chunk(long offset, int length) => target.Chunk(offset, length);

    public void Verified(long end)
    {
        target.Verified(end);
        relay.Advance(_content, end);
    }
}
