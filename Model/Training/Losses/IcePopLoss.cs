namespace Intellect3.Model.Training.Losses;

/// <summary>
/// INTELLECT-3's loss (prime-rl of November 2025): tokens whose importance ratio leaves [low, high] are dropped, and with them a whole sequence that
/// holds a ratio below the sequence limit. <c>L = sum -r * A</c> over what is kept, plus <c>tau_KL * log(r)</c> over the tokens named by the KL mask.
/// </summary>
/// <param name="options">Its limits.</param>
public sealed class IcePopLoss(IcePopOptions options) : IPolicyLoss
{
    private const double MaxSequenceLogRatio = 10;

    public double Evaluate(in LossInputs inputs, Span<double> gradient, IDictionary<string, double> metrics)
    {
        var sequence = Summarise(inputs);
        var clamped = sequence.LogRatio > MaxSequenceLogRatio;
        var sequenceIsMasked = (options.PerSequence && sequence.Tokens > 0 ? Math.Exp(sequence.LogRatio) : sequence.LowestRatio) < options.SequenceMaskRatioLow;
        var scale = options.PerSequence && sequence.Tokens > 0 ? 1.0 / sequence.Tokens : 1;
        var loss = 0.0;
        MaskedMean mismatch = default, maskedKl = default, unmaskedKl = default, masked = default, low = default, high = default;
        for (var t = 0; t < inputs.Mask.Length; t++)
        {
            gradient[t] = 0;
            if (!inputs.Mask[t])
            {
                continue;
            }

            var tokenLogRatio = inputs.TrainerLogProbabilities[t] - inputs.InferenceLogProbabilities[t];
            var logRatio = options.PerSequence ? Math.Min(sequence.LogRatio, MaxSequenceLogRatio) : tokenLogRatio;
            var ratio = Math.Exp(logRatio);
            var (isLow, isHigh) = (ratio < options.MaskRatioLow, ratio > options.MaskRatioHigh);
            var isMasked = isLow || isHigh || sequenceIsMasked;
            var kl = options.KlMask switch
            {
                IcePopKlMask.All => options.KlTau,
                IcePopKlMask.Masked => isMasked ? options.KlTau : 0,
                _ => isMasked ? 0 : options.KlTau,
            };
            var policy = isMasked ? 0 : ratio * inputs.Advantages[t];
            loss += scale * (kl * logRatio - policy);
            // In sequence mode the ratio's value is the sequence's and its slope the token's own, as in GSPO.
            gradient[t] = options.PerSequence && clamped ? 0 : scale * (kl - policy);

            var tokenMismatch = Math.Exp(tokenLogRatio) - tokenLogRatio - 1;
            mismatch.Add(tokenMismatch);
            if (isMasked)
            {
                maskedKl.Add(tokenMismatch);
            }
            else
            {
                unmaskedKl.Add(tokenMismatch);
            }

            masked.Add(isMasked ? 1 : 0);
            low.Add(isLow ? 1 : 0);
            high.Add(isHigh ? 1 : 0);
        }

        metrics["mismatch_kl"] = mismatch.Value;
        metrics["masked_mismatch_kl"] = maskedKl.Value;
        metrics["unmasked_mismatch_kl"] = unmaskedKl.Value;
        metrics["is_masked"] = masked.Value;
        metrics["is_masked_low"] = low.Value;
        metrics["is_masked_high"] = high.Value;
        metrics["sequence_masked_low"] = sequenceIsMasked ? 1 : 0;
        return loss;
    }

    private static (double LogRatio, double LowestRatio, int Tokens) Summarise(in LossInputs inputs)
    {
        var (logRatio, lowest, tokens) = (0.0, double.PositiveInfinity, 0);
        for (var t = 0; t < inputs.Mask.Length; t++)
        {
            if (inputs.Mask[t])
            {
                var token = inputs.TrainerLogProbabilities[t] - inputs.InferenceLogProbabilities[t];
                logRatio += token;
                lowest = Math.Min(lowest, token);
                tokens++;
            }
        }

        return (logRatio, Math.Exp(lowest), tokens);
    }
}
