using Intellect3.Actors.Coordination;
using Intellect3.Environments.Tasks;
using Intellect3.Kernels.Features;

namespace Intellect3.Cluster.Host.Display;

/// <summary>What <c>train</c> says before and after a run, without the console.</summary>
internal static class Texts
{
    /// <summary>A few lines on what is going to happen.</summary>
    public static IEnumerable<string> Plan(RunSettings run, string directory, bool resume)
    {
        var (model, rollout, trainer, warmup) = (run.Model, run.Rollout, run.Trainer, run.Warmup);
        var environments = string.Join(" + ", run.Environments.Where(e => e.Weight > 0).Select(e => e.Name));
        yield return $"recipe   {run.Recipe}, seed {run.Seed}{(resume ? ", resumed" : "")}";
        yield return model.Folder is { } folder
            ? $"model    {folder}"
            : $"model    new, from the seed: {model.Layers} layers of width {model.HiddenSize}, {model.AttentionHeads} heads of {model.HeadDimension}, feed-forward {model.IntermediateSize}, {model.MaxPositions} positions";
        yield return $"devices  {Words.Plural(rollout.Engines, $"{rollout.Backend} engine")} of {rollout.Slots} slots, kernels {KernelPaths.Name(KernelPaths.Parse(run.Device.Kernels) ?? KernelPaths.Best)};"
            + $" trainer of {Words.Plural(trainer.Options.Shards, "shard")} x {Words.Plural(trainer.Options.Threads, "thread")} on {Words.Plural(trainer.Workers, "worker")}; {Words.Plural(Environment.ProcessorCount, "core")}";
        yield return $"run      {directory}";
        if (warmup.MaxSteps > 0)
        {
            yield return $"then     warm-up until sampled {warmup.StopMetric} {warmup.StopAt}, at most {warmup.MaxSteps} steps of {warmup.BatchSize} worked examples";
        }

        yield return $"then     {run.Steps} steps of reinforcement learning on {environments}, {rollout.GroupsPerBatch} groups x {rollout.GroupSize} rollouts a step, "
            + (trainer.TargetLag == 0 ? "synchronous" : $"at most {Words.Plural(trainer.TargetLag, "version")} behind");
        yield return $"then     evaluation on {run.Evaluation.Tasks} held-out tasks";
    }

    /// <summary>The table of evaluations, the model, and what to try next.</summary>
    public static IEnumerable<string> Result(RunSummary summary, RunSettings run, string directory, string command)
    {
        yield return "";
        yield return "           " + string.Concat(summary.Evaluations.Select(e => $"{e.Name,15}"));
        yield return "greedy     " + string.Concat(summary.Evaluations.Select(e => $"{e.Greedy,15:0.000}"));
        yield return "sampled    " + string.Concat(summary.Evaluations.Select(e => $"{e.Sampled,15:0.000}"));
        yield return "";
        var model = Path.Combine(directory, "final");
        yield return $"The model is in {model}{(summary.Seconds is { } seconds ? $" after {Words.Duration(TimeSpan.FromSeconds(seconds))}" : "")}. Next, try:";
        var environment = run.Environments.First(e => e.Weight > 0).Name;
        var prompt = TasksetRegistry.BuiltIn.Get(environment).GetTask(TaskSplit.HeldOut, 0).Prompt[^1].Content;
        yield return $"  {command} generate --model {model} --prompt '{prompt.TrimEnd('\n')}'";
        yield return $"  {command} eval --model {model} --env {environment}";
        yield return $"  {command} ledger check {directory}";
    }
}
