using Intellect3.Model.Training.Losses;

namespace Intellect3.Model.Training;

/// <summary>What a shard measured over its sequences, in order; adds up over shards in their order.</summary>
internal sealed class ShardStatistics
{
    private readonly SortedDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _maxima = new(StringComparer.Ordinal);
    private double _loss;
    private double _entropy;
    private long _tokens;
    private int _sequences;

    /// <summary>Evaluates the loss of a sequence from the log-probabilities of its masked tokens, and writes their gradient, divided by the batch's tokens.</summary>
    public void Evaluate(TrainingSequence sequence, BatchKind kind, IPolicyLoss loss, ReadOnlySpan<float> logProbabilities, long batchTokens, Span<float> gradient)
    {
        var count = logProbabilities.Length;
        var (trainer, inference, advantages, mask, slopes) = (new double[count], new double[count], new double[count], new bool[count], new double[count]);
        var at = 0;
        for (var t = 0; t < sequence.Mask.Count; t++)
        {
            if (sequence.Mask[t])
            {
                trainer[at] = logProbabilities[at];
                inference[at] = kind == BatchKind.Supervised ? 0 : sequence.InferenceLogProbabilities[t];
                advantages[at] = sequence.Advantage;
                mask[at++] = true;
            }
        }

        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var inputs = new LossInputs { TrainerLogProbabilities = trainer, InferenceLogProbabilities = inference, Advantages = advantages, Mask = mask };
        _loss += loss.Evaluate(inputs, slopes, metrics) / batchTokens;
        if (kind == BatchKind.Reinforcement)
        {
            metrics["mismatch_kl"] = MismatchKl(trainer, inference);
        }

        for (var i = 0; i < count; i++)
        {
            gradient[i] = (float)(slopes[i] / batchTokens);
        }

        foreach (var (name, value) in metrics)
        {
            _sums[name] = _sums.GetValueOrDefault(name) + value * count;
            _maxima[name] = Math.Max(_maxima.GetValueOrDefault(name, double.NegativeInfinity), value);
        }

        _tokens += count;
        _sequences++;
    }

    public void AddEntropy(double sum) => _entropy += sum;

    /// <summary>Adds another shard's figures.</summary>
    public void Add(ShardStatistics other)
    {
        foreach (var (name, value) in other._sums)
        {
            _sums[name] = _sums.GetValueOrDefault(name) + value;
        }

        foreach (var (name, value) in other._maxima)
        {
            _maxima[name] = Math.Max(_maxima.GetValueOrDefault(name, double.NegativeInfinity), value);
        }

        _loss += other._loss;
        _entropy += other._entropy;
        _tokens += other._tokens;
        _sequences += other._sequences;
    }

    public StepResult ToResult(double gradientNorm, double learningRate)
    {
        var metrics = _sums.ToDictionary(s => Name(s.Key), s => s.Value / _tokens, StringComparer.Ordinal);
        metrics["entropy/all"] = _entropy / _tokens;
        metrics["sequences"] = _sequences;
        return new StepResult(_loss, gradientNorm, learningRate, _tokens, metrics, _maxima.ToDictionary(m => Name(m.Key), m => m.Value, StringComparer.Ordinal));
    }

    private static string Name(string metric) => metric == "mismatch_kl" ? "mismatch_kl/all" : metric;

    /// <summary>The k3 estimate of the divergence between sampler and trainer: mean of r - log r - 1.</summary>
    private static double MismatchKl(double[] trainer, double[] inference)
    {
        var sum = 0.0;
        for (var i = 0; i < trainer.Length; i++)
        {
            var logRatio = trainer[i] - inference[i];
            sum += Math.Exp(logRatio) - logRatio - 1;
        }

        return sum / trainer.Length;
    }
}
