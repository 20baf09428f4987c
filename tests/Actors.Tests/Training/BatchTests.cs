using Intellect3.Actors.Coordination;
using Intellect3.Actors.Samples;
using Intellect3.Actors.Training;
using Intellect3.Environments.Tasks;
using Intellect3.Model.Inference;
using Intellect3.Model.Training;

namespace Intellect3.Actors.Tests.Training;

/// <summary>What the trainer makes of payloads and of worked examples.</summary>
public sealed class BatchTests
{
    [Fact]
    public void Failed_rollouts_leave_the_mean_and_sequences_without_advantage_the_batch()
    {
        var group = new GroupPayload("7", 2, [Rollout(0, 1), Rollout(1, 0), Rollout(2, null), Rollout(3, 0.5)]);
        var batch = BatchBuilder.Build([group], "grpo");

        Assert.Equal(["7/2/0/0", "7/2/1/0"], batch.Sequences.Select(s => s.Key));
        Assert.Equal([0.5, -0.5], batch.Sequences.Select(s => s.Advantage));
        Assert.Equal(0.25, BatchBuilder.MixedVersionShare([group]));
    }

    [Fact]
    public void The_record_of_a_group_depends_on_its_tokens()
    {
        var one = BatchBuilder.Record(new GroupPayload("7", 2, [Rollout(0, 1)]));
        Assert.Equal((7L, 2, 32), (one.Prompt, one.Attempt, one.Tokens.Length));
        Assert.NotEqual(one.Tokens, BatchBuilder.Record(new GroupPayload("7", 2, [Rollout(0, 1, token: 9)])).Tokens);
    }

    [Theory]
    [InlineData("parity")]
    [InlineData("guess")]
    public void Warm_up_batches_are_a_function_of_seed_and_step_and_teach_the_policy_alone(string environment)
    {
        var context = Context(environment, 1);
        var batch = new WarmupBatches(context).Batch(3);

        Assert.Equal(BatchKind.Supervised, batch.Kind);
        Assert.Equal(8, batch.Sequences.Count);
        Assert.Equal(batch.Sequences.Select(s => string.Join(',', s.TokenIds)), new WarmupBatches(Context(environment, 1)).Batch(3).Sequences.Select(s => string.Join(',', s.TokenIds)));
        Assert.NotEqual(batch.Sequences.Select(s => string.Join(',', s.TokenIds)), new WarmupBatches(Context(environment, 2)).Batch(3).Sequences.Select(s => string.Join(',', s.TokenIds)));
        foreach (var sequence in batch.Sequences)
        {
            Assert.False(sequence.Mask[0]);
            var taught = context.Tokenizer.Decode([.. sequence.TokenIds.Where((_, t) => sequence.Mask[t])], skipSpecialTokens: false);
            Assert.Matches(environment == "parity" ? @"^[01]{12}\|[01]<eos>$" : @"^([0-9]{2}\n)+$", taught);
        }
    }

    private static PolicyContext Context(string environment, ulong seed) => new(
        new RunSettings
        {
            Recipe = "test",
            Seed = seed,
            Steps = 1,
            Model = new ModelSettings(),
            Environments = [new EnvironmentSettings(environment, 1)],
            Warmup = new WarmupSettings { BatchSize = 8 },
            Rollout = new RolloutSettings(),
            Trainer = new TrainerSettings(),
            Evaluation = new EvaluationSettings(),
            Checkpoint = new CheckpointSettings(),
        },
        TasksetRegistry.BuiltIn);

    private static RolloutPayload Rollout(int index, double? reward, int token = 5) => new(
        index,
        reward,
        1,
        [new BranchPayload([1, token, 2], [false, true, true], [0, -1, -2], index == 0 ? [new VersionRun(new PolicyVersion(1, 0), 1), new VersionRun(new PolicyVersion(1, 1), 1)] : [new VersionRun(new PolicyVersion(1, 1), 2)])],
        ReadOnlyMemory<byte>.Empty);
}
