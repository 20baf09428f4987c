namespace Intellect3.Model.Training.Losses;

/// <summary>Negative log-likelihood: <c>L = sum -w * lp</c> (prime-rl's <c>ce</c>).</summary>
public sealed class CrossEntropyLoss : IPolicyLoss
{
    public double Evaluate(in LossInputs inputs, Span<double> gradient, IDictionary<string, double> metrics)
    {
        var loss = 0.0;
        MaskedMean nll = default;
        for (var t = 0; t < inputs.Mask.Length; t++)
        {
            gradient[t] = 0;
            if (inputs.Mask[t])
            {
                loss -= inputs.Weight(t) * inputs.TrainerLogProbabilities[t];
                gradient[t] = -inputs.Weight(t);
                nll.Add(-inputs.TrainerLogProbabilities[t]);
            }
        }

        metrics["nll"] = nll.Value;
        return loss;
    }
}
