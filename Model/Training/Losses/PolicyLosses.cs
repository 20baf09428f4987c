namespace Intellect3.Model.Training.Losses;

/// <summary>The losses that a run can name.</summary>
public static class PolicyLosses
{
    public static IReadOnlyList<string> Names { get; } = ["default", "icepop"];

    /// <summary>The loss of a batch.</summary>
    /// <exception cref="ArgumentException">No loss has that name.</exception>
    public static IPolicyLoss Create(TrainerOptions options, BatchKind kind)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (kind, options.Loss) switch
        {
            (BatchKind.Supervised, _) => new CrossEntropyLoss(),
            (_, "default") => new DppoKlLoss(options.DppoMaskLow, options.DppoMaskHigh, options.AdvantageTau, options.KlTau),
            (_, "icepop") => new IcePopLoss(new IcePopOptions
            {
                MaskRatioLow = options.IcePopRatioLow,
                MaskRatioHigh = options.IcePopRatioHigh,
                SequenceMaskRatioLow = options.IcePopSequenceRatioLow,
            }),
            _ => throw new ArgumentException($"no loss is named '{options.Loss}'; there are {string.Join(", ", Names)}", nameof(options)),
        };
    }
}
