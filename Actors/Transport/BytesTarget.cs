namespace Intellect3.Actors.Transport;

/// <summary>Pulled into an array.</summary>
internal sealed class BytesTarget : IPullTarget
{
    public byte[] Bytes { get; private set; } = [];

    public void Begin(ContentDigest digest) => Bytes = new byte[digest.Length];

    public Memory<byte> Chunk(long offset, int length) => Bytes.AsMemory((int)offset, length);

    public void Verified(long end)
    {
    }
}
