using Intellect3.Actors.Coordination;
using Intellect3.Environments.Tasks;
using Intellect3.Model.Rendering;
using Intellect3.Model.Training;

namespace Intellect3.Actors.Training;

/// <summary>The batches of supervised warm-up: worked examples of the run's environments, as a function of (seed, step) alone.</summary>
public sealed class WarmupBatches(PolicyContext context)
{
    /// <summary>Warm-up draws its tasks from far above those that reinforcement learning will reach.</summary>
    private const long FirstTask = 1L << 40;

    /// <summary>The batch of a step, from 1.</summary>
    /// <exception cref="InvalidOperationException">An environment has no worked examples.</exception>
    public TrainingBatch Batch(int step)
    {
        var environments = context.Settings.Environments.Where(e => e.Weight > 0).ToList();
        var size = context.Settings.Warmup.BatchSize;
        var sequences = new TrainingSequence[size];
        for (var i = 0; i < size; i++)
        {
            var index = (long)(step - 1) * size + i;
            var taskset = context.Tasksets[environments[(int)(index % environments.Count)].Name];
            sequences[i] = Example(taskset, index);
        }

        return new TrainingBatch(BatchKind.Supervised, sequences);
    }

    private TrainingSequence Example(Taskset taskset, long index)
    {
        var seed = context.Settings.Seed * 0x9E3779B97F4A7C15UL + (ulong)index;
        var task = taskset.GetTask(TaskSplit.Train, FirstTask + Curriculum.FirstTask(context.Settings.Seed) + index);
        var turns = taskset.Demonstrate(task, seed) ?? throw new InvalidOperationException($"the environment '{taskset.Name}' has no worked examples; set warmup.max-steps = 0");
        var renderer = context.RendererFor(taskset.Limits);
        var (ids, mask) = (new List<int>(), new List<bool>());
        void Add(IEnumerable<int> tokens, bool isTarget)
        {
            var before = ids.Count;
            ids.AddRange(tokens);
            mask.AddRange(Enumerable.Repeat(isTarget, ids.Count - before));
        }

        foreach (var message in renderer.Render([.. task.Prompt.Select(m => ("user", m.Content))]))
        {
            Add(message.TokenIds, isTarget: false);
        }

        foreach (var turn in turns)
        {
            var isPolicy = turn.Role == MessageRole.Assistant;
            Add(context.Tokenizer.Encode(turn.Content), isPolicy);
            if (isPolicy && !EndsWithStop(ids, renderer))
            {
                Add([renderer.EosTokenId], isTarget: true);
            }
        }

        return new TrainingSequence { Key = $"warmup/{index}", TokenIds = ids, Mask = mask };
    }

    private static bool EndsWithStop(List<int> ids, PlainRenderer renderer) => renderer.StopTokenIds.Contains(ids[^1]);
}
