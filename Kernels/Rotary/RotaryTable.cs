namespace Intellect3.Kernels.Rotary;

/// <summary>
/// Cosines and sines of rotary position embedding (Su et al., arXiv 2104.09864), computed in double: angle = position * theta^(-2i / dimension).
/// Immutable, shared by all engines of a model.
/// </summary>
public sealed class RotaryTable
{
    private readonly float[] _cos;
    private readonly float[] _sin;

    /// <param name="positions">Positions 0 .. positions - 1.</param>
    /// <param name="dimension">The head's size, even.</param>
    /// <param name="theta">The base.</param>
    public RotaryTable(int positions, int dimension, double theta)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(dimension % 2, 0, nameof(dimension));
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        Dimension = dimension;
        Positions = positions;
        var half = dimension / 2;
        _cos = new float[(long)positions * half];
        _sin = new float[(long)positions * half];
        for (var position = 0; position < positions; position++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = position * Math.Pow(theta, -2.0 * i / dimension);
                _cos[position * half + i] = (float)Math.Cos(angle);
                _sin[position * half + i] = (float)Math.Sin(angle);
            }
        }
    }

    public int Dimension { get; }

    public int Positions { get; }

    /// <summary>[dimension / 2]</summary>
    public ReadOnlySpan<float> Cos(int position) => _cos.AsSpan(position * (Dimension / 2), Dimension / 2);

    /// <summary>[dimension / 2]</summary>
    public ReadOnlySpan<float> Sin(int position) => _sin.AsSpan(position * (Dimension / 2), Dimension / 2);
}
