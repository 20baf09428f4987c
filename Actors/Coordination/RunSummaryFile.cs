using System.Text;
using System.Text.Json;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Recording;

namespace Intellect3.Actors.Coordination;

/// <summary>Writes <c>summary.json</c>: once, last, atomically.</summary>
internal static class RunSummaryFile
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly IReadOnlyList<PromptState> EndStates =
        [PromptState.Trained, PromptState.Rejected, PromptState.Failed, PromptState.Quarantined, PromptState.Withdrawn, PromptState.Unfinished];

    public static string NameOf(RunStage stage) => stage switch
    {
        RunStage.Starting => "start",
        RunStage.Warmup => "warmup",
        RunStage.EvaluateBefore => "evaluate_before",
        RunStage.Reinforcement => "reinforcement",
        RunStage.EvaluateAfter => "evaluate_after",
        _ => "end",
    };

    public static void Write(RunPlan plan, RunState state, RunTally tally, string kernels, string finalSha256, long parameters)
    {
        var settings = plan.Context.Settings;
        var counts = state.Count();
        var seconds = new Dictionary<string, double>(tally.Seconds.ToDictionary(s => s.Key, s => Math.Round(s.Value, 3)))
        {
            ["total"] = Math.Round(tally.Elapsed.TotalSeconds, 3),
        };
        var summary = new
        {
            settings.Recipe,
            settings.Seed,
            state.Step,
            settings.Steps,
            state.WarmupStep,
            parameters,
            seconds,
            busy_seconds = tally.BusySeconds.ToDictionary(b => b.Key, b => Math.Round(b.Value, 3)),
            before = Scores(state, "before"),
            after_sft = Scores(state, "after_sft"),
            after = Scores(state, "after"),
            tokens = new { sampled = tally.SampledTokens, trained = tally.TrainedTokens },
            prompts = EndStates.ToDictionary(s => JsonNamingPolicy.SnakeCaseLower.ConvertName(s.ToString()), s => counts.GetValueOrDefault(s)),
            mismatch_kl = new { mean = tally.MeanMismatch, max = tally.LargestMismatch },
            final_sha256 = finalSha256,
            deterministic = settings.Trainer.TargetLag == 0 && settings.Rollout.Backend == "cpu" && state.Curriculum is null,
            kernels,
            shards = settings.Trainer.Options.Shards,
            threads = settings.Trainer.Options.Threads,
        };
        var path = Path.Combine(plan.Directory, RunFiles.Summary);
        var temporary = path + ".writing";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(summary, Options) + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static object? Scores(RunState state, string label) => state.Evaluations.TryGetValue(label, out var scores)
        ? new { greedy = scores.Greedy, sampled = scores.Sampled, greedy_success = scores.GreedySuccess, sampled_success = scores.SampledSuccess }
        : null;
}
