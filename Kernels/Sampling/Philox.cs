namespace Intellect3.Kernels.Sampling;

/// <summary>Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): random numbers as a function of a counter and a key.</summary>
public static class Philox
{
    private const int Rounds = 10;

    /// <summary>Four random 32-bit words.</summary>
    public static (uint X, uint Y, uint Z, uint W) Generate((uint X, uint Y, uint Z, uint W) counter, (uint X, uint Y) key)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var left = 0xD2511F53UL * counter.X;
            var right = 0xCD9E8D57UL * counter.Z;
            counter = ((uint)(right >> 32) ^ counter.Y ^ key.X, (uint)right, (uint)(left >> 32) ^ counter.W ^ key.Y, (uint)left);
            key = (unchecked(key.X + 0x9E3779B9), unchecked(key.Y + 0xBB67AE85));
        }

        return counter;
    }

    /// <summary>A uniform number in [0, 1) with 53 bits for the token at a position of a rollout.</summary>
    public static double Uniform(ulong runSeed, ulong prompt, int rollout, int position)
    {
        var (x, y, _, _) = Generate(((uint)prompt, (uint)(prompt >> 32), (uint)rollout, (uint)position), ((uint)runSeed, (uint)(runSeed >> 32)));
        return ToUnit(x, y);
    }

    /// <summary>Two words to [0, 1) with 53 bits.</summary>
    public static double ToUnit(uint high, uint low) => (((ulong)high << 32 | low) >> 11) * (1.0 / (1UL << 53));
}
