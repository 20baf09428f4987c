namespace Intellect3.Actors.Transport;

/// <summary>Where a pull puts its bytes, in order. Called by one thread at a time.</summary>
public interface IPullTarget
{
    /// <summary>The digest is known to be the announced one; bytes follow.</summary>
    void Begin(ContentDigest digest);

    /// <summary>The memory of one chunk. It may be filled more than once, and with anything, until it is <see cref="Verified"/>.</summary>
    Memory<byte> Chunk(long offset, int length);

    /// <summary>All bytes before <paramref name="end"/> have come, and have the announced hashes.</summary>
    void Verified(long end);
}
