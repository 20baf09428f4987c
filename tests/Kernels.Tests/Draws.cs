namespace Intellect3.Kernels.Tests;

/// <summary>Random test data from a fixed seed.</summary>
internal static class Draws
{
    public static float[] Floats(int seed, int count, float scale = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2 - 1) * scale)];
    }
}
