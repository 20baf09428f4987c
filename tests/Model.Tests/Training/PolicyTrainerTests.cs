using Intellect3.Model.Configuration;
using Intellect3.Model.Parameters;
using Intellect3.Model.Tests.Native;
using Intellect3.Model.Training;

namespace Intellect3.Model.Tests.Training;

[Collection(nameof(TensorCounts))]
public sealed class PolicyTrainerTests
{
    private static readonly ModelConfig Config = new()
    {
        ModelType = "qwen3", VocabularySize = 23, HiddenSize = 24, IntermediateSize = 40, Layers = 2, AttentionHeads = 4, KeyValueHeads = 2,
        HeadDimension = 6, QueryKeyNorm = true, MaxPositions = 64,
    };

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_workers_or_on_the_process_history()
    {
        var hashes = new[] { 1, 2, 4, 2 }.Select(workers => Train(workers, shards: 4)).ToList();
        Assert.Single(hashes.Distinct());
    }

    /// <summary>The recipe's own shapes, whose products take other paths through MKL than tiny ones.</summary>
    [Fact]
    public void Three_trainers_of_the_real_model_end_with_the_same_bits()
    {
        var config = Config with { VocabularySize = 99, HiddenSize = 128, IntermediateSize = 384, AttentionHeads = 4, KeyValueHeads = 4, HeadDimension = 32 };
        Assert.Single(new[] { 1, 2, 1 }.Select(workers => Train(workers, shards: 2, config)).Distinct());
    }

    [Fact]
    public void Shards_change_the_order_of_sums_and_little_else()
    {
        using var one = Trainer(1, 1);
        using var four = Trainer(1, 4);
        one.ComputeStep(Batch(1, BatchKind.Reinforcement), 1e-3);
        four.ComputeStep(Batch(1, BatchKind.Reinforcement), 1e-3);
        one.Commit();
        four.Commit();
        using var a = one.Snapshot();
        using var b = four.Snapshot();
        var distance = Math.Sqrt(a.Values.ToArray().Zip(b.Values.ToArray()).Sum(p => Math.Pow(p.First - p.Second, 2)));
        var norm = Math.Sqrt(a.Values.ToArray().Sum(v => (double)v * v));
        Assert.InRange(distance / norm, 0, 1e-4);
    }

    [Fact]
    public void Supervised_training_lowers_the_loss()
    {
        using var trainer = Trainer(2, 2);
        var losses = Enumerable.Range(0, 60).Select(_ =>
        {
            var loss = trainer.ComputeStep(Batch(7, BatchKind.Supervised), 1e-2).Loss;
            trainer.Commit();
            return loss;
        }).ToList();
        Assert.InRange(losses[^1], 0, losses[0] * 0.6);
    }

    [Fact]
    public void A_pending_step_changes_nothing_until_it_is_committed()
    {
        using var trainer = Trainer(1, 2);
        var before = Hash(trainer);
        trainer.ComputeStep(Batch(1, BatchKind.Reinforcement), 1e-3);
        Assert.Equal(before, Hash(trainer));
        Assert.Throws<InvalidOperationException>(() => trainer.ComputeStep(Batch(2, BatchKind.Reinforcement), 1e-3));
        trainer.Discard();
        trainer.ComputeStep(Batch(1, BatchKind.Reinforcement), 1e-3);
        trainer.Commit();
        Assert.NotEqual(before, Hash(trainer));
        Assert.Throws<InvalidOperationException>(trainer.Commit);
    }

    [Fact]
    public void A_restored_trainer_goes_on_with_the_same_bits()
    {
        using var whole = Trainer(1, 2);
        using var resumed = Trainer(1, 2);
        Steps(whole, 1, 3);
        using (var parameters = whole.Snapshot())
        {
            resumed.Restore(parameters, whole.SnapshotOptimizer());
        }

        Steps(whole, 4, 6);
        Steps(resumed, 4, 6);
        Assert.Equal(Hash(whole), Hash(resumed));
    }

    [Fact]
    public void Nothing_leaks()
    {
        using var trainer = Trainer(1, 2);
        Steps(trainer, 1, 5);
        var before = TensorCounts.Settled();
        Steps(trainer, 6, 205);
        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount);
    }

    [Fact]
    public void An_empty_batch_is_refused()
    {
        using var trainer = Trainer(1, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => trainer.ComputeStep(new TrainingBatch(BatchKind.Supervised, []), 1e-3));
    }

    private static ulong Train(int workers, int shards, ModelConfig? config = null)
    {
        using var trainer = Trainer(workers, shards, config);
        Steps(trainer, 1, 6);
        return Hash(trainer);
    }

    private static PolicyTrainer Trainer(int workers, int shards, ModelConfig? config = null)
    {
        config ??= Config;
        using var initial = new ParameterSet(ParameterLayout.For(config));
        var random = new Random(3);
        foreach (ref var value in initial.Values)
        {
            value = (random.NextSingle() - 0.5f) * 0.4f;
        }

        return new PolicyTrainer(config, initial, new TrainerOptions { Shards = shards, MicroBatchTokens = 64 }, workers);
    }

    private static void Steps(PolicyTrainer trainer, int from, int to)
    {
        for (var step = from; step <= to; step++)
        {
            trainer.ComputeStep(Batch(step, step % 2 == 0 ? BatchKind.Supervised : BatchKind.Reinforcement), 1e-3);
            trainer.Commit();
        }
    }

    private static TrainingBatch Batch(int seed, BatchKind kind)
    {
        var random = new Random(seed);
        return new TrainingBatch(kind, [.. Enumerable.Range(0, 13).Select(i =>
        {
            var length = random.Next(3, 30);
            return new TrainingSequence
            {
                Key = $"{i}",
                TokenIds = [.. Enumerable.Range(0, length).Select(_ => random.Next(23))],
                Mask = [.. Enumerable.Range(0, length).Select(t => t > 1)],
                InferenceLogProbabilities = [.. Enumerable.Range(0, length).Select(_ => -3 - random.NextSingle())],
                Advantage = random.NextDouble() - 0.5,
                Temperature = i % 3 == 0 ? 0.7f : 1,
            };
        })]);
    }

    private static ulong Hash(PolicyTrainer trainer)
    {
        using var parameters = trainer.Snapshot();
        var hash = 14695981039346656037UL;
        foreach (var value in parameters.Values)
        {
            hash = (hash ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211UL;
        }

        return hash;
    }
}
