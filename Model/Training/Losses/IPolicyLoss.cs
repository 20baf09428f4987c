namespace Intellect3.Model.Training.Losses;

/// <summary>
/// A loss over the log-probabilities of one sequence. Being a function of them alone, its gradient is written out here and enters the network as the
/// gradient of the log-probabilities, so no loss needs an autograd graph of its own. Pure and thread-safe.
/// </summary>
public interface IPolicyLoss
{
    /// <summary>The sum over the masked tokens (not a mean: the caller divides by the batch's token count).</summary>
    /// <param name="inputs">The sequence.</param>
    /// <param name="gradient">Receives d loss / d trainer log-probabilities; 0 where the mask is false. [tokens]</param>
    /// <param name="metrics">Receives means over the tokens their names speak of, 0 where there are none.</param>
    double Evaluate(in LossInputs inputs, Span<double> gradient, IDictionary<string, double> metrics);
}
