namespace Intellect3.Model.Training;

/// <summary>What fixes a trainer's arithmetic, and so its bits.</summary>
public sealed record TrainerOptions
{
    /// <summary>Logical data-parallel shards: fixes the order of reduction. Fixed for a run.</summary>
    public int Shards { get; init; } = 2;

    /// <summary>Torch threads of each shard. Fixed for a run.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The most tokens of a packed micro-batch.</summary>
    public int MicroBatchTokens { get; init; } = 2048;

    /// <summary><c>default</c> (DPPO + KL) or <c>icepop</c>.</summary>
    public string Loss { get; init; } = "default";

    public double DppoMaskLow { get; init; } = 0.2;

    public double DppoMaskHigh { get; init; } = 0.2;

    public double AdvantageTau { get; init; } = 1;

    /// <summary>Weight of the squared log-ratio (default loss).</summary>
    public double KlTau { get; init; } = 1e-3;

    /// <summary>Lowest importance ratio kept (icepop).</summary>
    public double IcePopRatioLow { get; init; } = 0.5;

    /// <summary>Highest importance ratio kept (icepop).</summary>
    public double IcePopRatioHigh { get; init; } = 5;

    /// <summary>A sequence with a token ratio below this is masked whole (icepop).</summary>
    public double IcePopSequenceRatioLow { get; init; } = 1e-5;

    public double MaxGradientNorm { get; init; } = 1;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.95;

    public double Epsilon { get; init; } = 1e-8;

    public double WeightDecay { get; init; } = 0.01;
}
