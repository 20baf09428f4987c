namespace Intellect3.Model.Training.Losses;

/// <summary>The limits of <see cref="IcePopLoss"/>; the defaults are INTELLECT-3's.</summary>
public sealed record IcePopOptions
{
    public double MaskRatioLow { get; init; } = 0.5;

    public double MaskRatioHigh { get; init; } = 5;

    /// <summary>A sequence with a token ratio below this is dropped whole.</summary>
    public double SequenceMaskRatioLow { get; init; } = 1e-5;

    public double KlTau { get; init; }

    public IcePopKlMask KlMask { get; init; }

    /// <summary>One ratio a sequence, the product of its tokens' (log-ratio at most 10), and a mean over its tokens.</summary>
    public bool PerSequence { get; init; }
}
