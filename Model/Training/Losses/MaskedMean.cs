namespace Intellect3.Model.Training.Losses;

/// <summary>A running mean; 0 when nothing was added.</summary>
internal struct MaskedMean
{
    private double _sum;
    private long _count;

    public readonly double Value => _count == 0 ? 0 : _sum / _count;

    public void Add(double value)
    {
        _sum += value;
        _count++;
    }
}
