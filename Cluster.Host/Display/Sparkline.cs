namespace Intellect3.Cluster.Host.Display;

/// <summary>A row of numbers as a row of bars, one character each.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>
    /// The numbers between 0 and the larger of 1 and their maximum, so that rewards of 0 to 1 keep their scale. When there are more than <paramref name="width"/>, each bar is the
    /// mean of a stretch. What is not finite is a space.
    /// </summary>
    public static string Of(IReadOnlyList<double> values, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        var bars = Math.Min(width, values.Count);
        var means = Enumerable.Range(0, bars).Select(bar => values.Take((bar * values.Count / bars)..((bar + 1) * values.Count / bars)).Average()).ToList();
        var top = means.Where(double.IsFinite).Append(1).Max();
        return string.Concat(means.Select(mean => double.IsFinite(mean) ? Bars[(int)Math.Clamp(mean / top * Bars.Length, 0, Bars.Length - 1)] : ' '));
    }
}
