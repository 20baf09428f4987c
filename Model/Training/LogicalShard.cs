using System.Runtime.InteropServices;
using Intellect3.Model.Configuration;
using Intellect3.Model.Networks;
using Intellect3.Model.Training.Losses;
using Intellect3.Model.Training.Packing;
using static TorchSharp.torch;

namespace Intellect3.Model.Training;

/// <summary>
/// One logical data-parallel shard: runs its micro-batches in order and adds their gradients up. Shares the parameters with the other shards and owns its
/// gradient. Used by one thread at a time.
/// </summary>
internal sealed class LogicalShard : IDisposable
{
    private readonly Decoder _decoder;
    private readonly FlatParameters _gradients;

    public LogicalShard(ModelConfig config, FlatParameters parameters)
    {
        _gradients = new FlatParameters(parameters.Layout);
        _decoder = new Decoder(config, parameters, _gradients);
    }

    /// <summary>The sum of the micro-batches' gradients. [parameters]</summary>
    public Span<float> Gradient => _gradients.Values;

    /// <summary>Forward and backward of all micro-batches; the gradient is of the loss divided by <paramref name="tokens"/>.</summary>
    public ShardStatistics Compute(TrainingBatch batch, IReadOnlyList<MicroBatch> microBatches, IPolicyLoss loss, long tokens)
    {
        Gradient.Clear();
        var statistics = new ShardStatistics();
        foreach (var microBatch in microBatches)
        {
            Compute([.. microBatch.Sequences.Select(i => batch.Sequences[i])], batch.Kind, loss, tokens, statistics);
        }

        return statistics;
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _gradients.Dispose();
    }

    private void Compute(IReadOnlyList<TrainingSequence> sequences, BatchKind kind, IPolicyLoss loss, long tokens, ShardStatistics statistics)
    {
        using var scope = NewDisposeScope();
        var packed = PackedTokens.From([.. sequences.Select(s => s.TokenIds)]);
        var targets = LossTargets.Of(sequences);
        var hidden = _decoder.Hidden(packed).index_select(0, tensor(targets.Rows));
        var logits = _decoder.Logits(hidden);
        if (targets.InverseTemperatures is { } scale)
        {
            logits = logits * tensor(scale).unsqueeze(1);
        }

        var distribution = logits.log_softmax(-1);
        var logProbabilities = distribution.gather(1, tensor(targets.TokenIds).unsqueeze(1)).squeeze(1);
        var gradient = new float[targets.Rows.Length];
        var values = MemoryMarshal.Cast<byte, float>(logProbabilities.detach().contiguous().bytes);
        var at = 0;
        foreach (var sequence in sequences)
        {
            var count = sequence.Mask.Count(m => m);
            statistics.Evaluate(sequence, kind, loss, values.Slice(at, count), tokens, gradient.AsSpan(at, count));
            at += count;
        }

        using (no_grad())
        {
            var detached = distribution.detach();
            statistics.AddEntropy(-(detached.exp() * detached).sum(ScalarType.Float64).item<double>());
        }

        logProbabilities.backward([tensor(gradient)]);
    }
}
