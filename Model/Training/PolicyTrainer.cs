using Intellect3.Model.Configuration;
using Intellect3.Model.Native;
using Intellect3.Model.Networks;
using Intellect3.Model.Parameters;
using Intellect3.Model.Threading;
using Intellect3.Model.Training.Losses;
using Intellect3.Model.Training.Optimizers;
using Intellect3.Model.Training.Packing;
using static TorchSharp.torch;

namespace Intellect3.Model.Training;

/// <summary>
/// The trainer of one process that hosts every logical shard. Micro-batches belong to shards by the batch alone, a shard adds its gradients in order, and
/// shards are reduced as a fixed tree: bits depend on batch, state and options, not on how many workers ran the shards.
/// </summary>
public sealed class PolicyTrainer : IPolicyTrainer
{
    private readonly TrainerOptions _options;
    private readonly AdamWOptions _adamW;
    private readonly PackingCost _cost;
    private readonly FlatParameters _parameters;
    private readonly LogicalShard[] _shards;
    private readonly ComputeTeam _team;
    private readonly float[] _nextParameters;
    private float[] _first;
    private float[] _second;
    private float[] _nextFirst;
    private float[] _nextSecond;
    private long _step;
    private bool _isPending;

    /// <param name="config">The shape.</param>
    /// <param name="initial">The weights to start from; copied.</param>
    /// <param name="options">What fixes the arithmetic.</param>
    /// <param name="workers">Threads that run shards side by side, the caller's included.</param>
    /// <exception cref="TorchNativeException">libtorch cannot be loaded.</exception>
    public PolicyTrainer(ModelConfig config, ParameterSet initial, TrainerOptions options, int workers)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(options);
        TorchNative.EnsureLoaded();
        set_num_threads(options.Threads);
        (_options, Layout, _cost) = (options, initial.Layout, PackingCost.Of(config));
        _adamW = new AdamWOptions(options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
        _parameters = new FlatParameters(Layout);
        initial.Values.CopyTo(_parameters.Values);
        _shards = [.. Enumerable.Range(0, options.Shards).Select(_ => new LogicalShard(config, _parameters))];
        _team = new ComputeTeam("trainer", Math.Clamp(workers, 1, options.Shards));
        var count = checked((int)Layout.Count);
        _nextParameters = new float[count];
        (_first, _second, _nextFirst, _nextSecond) = (new float[count], new float[count], new float[count], new float[count]);
    }

    public ParameterLayout Layout { get; }

    public StepResult ComputeStep(TrainingBatch batch, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (_isPending)
        {
            throw new InvalidOperationException("a computed step waits to be committed or discarded");
        }

        var tokens = batch.Sequences.Sum(s => (long)s.Mask.Count(m => m));
        ArgumentOutOfRangeException.ThrowIfZero(tokens, nameof(batch));
        var loss = PolicyLosses.Create(_options, batch.Kind);
        var plan = Packer.Pack([.. batch.Sequences.Select(s => s.TokenIds.Count)], _options.MicroBatchTokens, _options.Shards, _cost);
        var statistics = new ShardStatistics[_shards.Length];
        _team.Run(_shards.Length, shard => statistics[shard] = _shards[shard].Compute(batch, plan[shard], loss, tokens));
        for (var shard = 1; shard < _shards.Length; shard++)
        {
            statistics[0].Add(statistics[shard]);
        }

        var norm = ReduceAndUpdate(learningRate);
        _isPending = true;
        return statistics[0].ToResult(norm, learningRate);
    }

    public void Commit()
    {
        if (!_isPending)
        {
            throw new InvalidOperationException("no computed step waits to be committed");
        }

        _nextParameters.CopyTo(_parameters.Values);
        (_first, _nextFirst) = (_nextFirst, _first);
        (_second, _nextSecond) = (_nextSecond, _second);
        _step++;
        _isPending = false;
    }

    public void Discard() => _isPending = false;

    public ParameterSet Snapshot()
    {
        var copy = new ParameterSet(Layout);
        _parameters.Values.CopyTo(copy.Values);
        return copy;
    }

    public OptimizerState SnapshotOptimizer() => new(_step, [.. _first], [.. _second]);

    public void Restore(ParameterSet parameters, OptimizerState? optimizer)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters.Layout.Count != Layout.Count || (optimizer is not null && (optimizer.FirstMoment.Length != _first.Length || optimizer.SecondMoment.Length != _second.Length)))
        {
            throw new ArgumentException("the state is of a model of another shape", nameof(parameters));
        }

        Discard();
        parameters.Values.CopyTo(_parameters.Values);
        _step = optimizer?.Step ?? 0;
        _first = optimizer is null ? new float[_first.Length] : [.. optimizer.FirstMoment];
        _second = optimizer is null ? new float[_second.Length] : [.. optimizer.SecondMoment];
    }

    public void Dispose()
    {
        _team.Dispose();
        Array.ForEach(_shards, s => s.Dispose());
        _parameters.Dispose();
    }

    /// <summary>Reduces, clips and updates slice by slice, one slice a logical shard: the slices' bits do not depend on where they are computed.</summary>
    private double ReduceAndUpdate(double learningRate)
    {
        var count = _first.Length;
        var sums = new double[_shards.Length];
        _team.Run(_shards.Length, slice =>
        {
            var (start, length) = GradientNorm.Slice(count, _shards.Length, slice);
            sums[slice] = GradientNorm.SumOfSquares(ReduceSlice(start, length));
        });
        var norm = GradientNorm.FromSlices(sums);
        var scale = (float)GradientNorm.ClipFactor(norm, _options.MaxGradientNorm);
        _team.Run(_shards.Length, slice =>
        {
            var (start, length) = GradientNorm.Slice(count, _shards.Length, slice);
            AdamW.Update(
                _adamW,
                learningRate,
                _step + 1,
                scale,
                _shards[0].Gradient.Slice(start, length),
                new AdamWBuffers(_parameters.Values.Slice(start, length), _first.AsSpan(start, length), _second.AsSpan(start, length)),
                new AdamWBuffers(_nextParameters.AsSpan(start, length), _nextFirst.AsSpan(start, length), _nextSecond.AsSpan(start, length)));
        });
        return norm;
    }

    /// <summary>The sum over the shards as a tree of neighbours, left in the first shard's gradient.</summary>
    private Span<float> ReduceSlice(int start, int length)
    {
        for (var distance = 1; distance < _shards.Length; distance *= 2)
        {
            for (var shard = 0; shard + distance < _shards.Length; shard += 2 * distance)
            {
                Kernels.Activations.Elementwise.Add(_shards[shard].Gradient.Slice(start, length), _shards[shard + distance].Gradient.Slice(start, length));
            }
        }

        return _shards[0].Gradient.Slice(start, length);
    }
}
