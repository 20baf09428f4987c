using Intellect3.Actors.Transport;
using Intellect3.Model.Parameters;

namespace Intellect3.Actors.Parameters;

/// <summary>A parameter vector that is being pulled, straight into its memory. Whoever made the set owns it.</summary>
public sealed class ParameterTarget(ParameterSet parameters) : IPullTarget
{
    public void Begin(ContentDigest digest)
    {
    }

    // Chunks are whole values.
    public Memory<byte> Chunk(long offset, int length) => parameters.Bytes(checked((int)(offset / sizeof(float))), length / sizeof(float));

    public void Verified(long end)
    {
    }
}
