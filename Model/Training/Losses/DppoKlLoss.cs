namespace Intellect3.Model.Training.Losses;

/// <summary>
/// The default loss: a policy gradient on the importance ratio, where tokens whose probability moved too far in the direction of their advantage are
/// dropped (DPPO, binary total variation), plus a squared log-ratio on every token (Kimi-K2.5).
/// <c>L = sum w * [-keep * tau_A * A * r + tau_KL * log(r)^2]</c>, as prime-rl's <c>default_loss_fn</c>.
/// </summary>
/// <param name="maskLow">A probability may fall by this much while the advantage is not positive.</param>
/// <param name="maskHigh">A probability may rise by this much while the advantage is positive.</param>
/// <param name="advantageTau">Factor of the advantage.</param>
/// <param name="klTau">Factor of the squared log-ratio.</param>
public sealed class DppoKlLoss(double maskLow = 0.2, double maskHigh = 0.2, double advantageTau = 1, double klTau = 1e-3) : IPolicyLoss
{
    public double Evaluate(in LossInputs inputs, Span<double> gradient, IDictionary<string, double> metrics)
    {
        var loss = 0.0;
        MaskedMean maskedKl = default, unmaskedKl = default, masked = default, low = default, high = default, positive = default, negative = default;
        for (var t = 0; t < inputs.Mask.Length; t++)
        {
            gradient[t] = 0;
            if (!inputs.Mask[t])
            {
                continue;
            }

            var (trainer, inference, advantage) = (inputs.TrainerLogProbabilities[t], inputs.InferenceLogProbabilities[t], inputs.Advantages[t]);
            var logRatio = trainer - inference;
            var ratio = Math.Exp(logRatio);
            var shift = Math.Exp(trainer) - Math.Exp(inference);
            var isHigh = advantage > 0 && shift > maskHigh;
            var isLow = advantage <= 0 && shift < -maskLow;
            var keep = isHigh || isLow ? 0.0 : 1.0;
            var policy = keep * advantageTau * advantage * ratio;
            loss += inputs.Weight(t) * (klTau * logRatio * logRatio - policy);
            gradient[t] = inputs.Weight(t) * (2 * klTau * logRatio - policy);

            var mismatch = ratio - logRatio - 1;
            if (keep == 0)
            {
                maskedKl.Add(mismatch);
                positive.Add(advantage > 0 ? 1 : 0);
                negative.Add(advantage < 0 ? 1 : 0);
            }
            else
            {
                unmaskedKl.Add(mismatch);
            }

            masked.Add(1 - keep);
            low.Add(isLow && advantage < 0 ? 1 : 0);
            high.Add(isHigh ? 1 : 0);
        }

        metrics["masked_mismatch_kl"] = maskedKl.Value;
        metrics["unmasked_mismatch_kl"] = unmaskedKl.Value;
        metrics["is_masked"] = masked.Value;
        metrics["is_masked_low"] = low.Value;
        metrics["is_masked_high"] = high.Value;
        metrics["masked_advantage_positive"] = positive.Value;
        metrics["masked_advantage_negative"] = negative.Value;
        return loss;
    }
}
