using System.CommandLine;
using Intellect3.Cluster.Host.Evaluation;
using Intellect3.Cluster.Host.Settings;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Inference;
using Intellect3.Model.Rendering;
using Intellect3.Model.Tokenization;

namespace Intellect3.Cluster.Host.Commands;

/// <summary><c>eval</c>: how well a model does in an environment.</summary>
internal sealed class EvalCommand : Command
{
    private const int DefaultTasks = 500;
    private const int Slots = 64;

    private readonly Option<string> _model = CommonOptions.Required("--model", "DIR", "A model folder: RUNDIR/final, or any in Hugging Face's layout.");
    private readonly Option<string> _environment = CommonOptions.Required("--env", "NAME", $"The environment: {string.Join(", ", TasksetRegistry.BuiltIn.Names)}.");
    private readonly Option<int?> _tasks = CommonOptions.Integer("-n", 1, $"Held-out tasks. Default: {DefaultTasks}, or as many as there are.");
    private readonly Option<int?> _attempts = CommonOptions.Integer("-k", 1, "Attempts at each task. Default: 1.");
    private readonly Option<bool> _greedy = new("--greedy") { Description = "Take the most likely token each time, instead of sampling at temperature 1." };
    private readonly Option<ulong?> _seed = CommonOptions.Seed("Seed of the samples. Default: 0.");
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly HostContext _context;

    public EvalCommand(HostContext context)
        : base("eval", "Evaluate a model on held-out tasks: avg@k, the mean reward of k attempts, and pass@k, the share of tasks that one of k attempts solves (for rewards of 0 or 1).")
    {
        _context = context;
        foreach (var option in (Option[])[_model, _environment, _tasks, _attempts, _greedy, _seed, _json])
        {
            Add(option);
        }

        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult call, CancellationToken stop)
    {
        var taskset = SettingChecks.RequireEnvironment(call.GetRequiredValue(_environment));
        var folder = call.GetRequiredValue(_model);
        var renderer = RendererFor(folder, taskset);
        var sampling = call.GetValue(_greedy) ? SamplingParameters.Greedy : SamplingParameters.Default;
        var n = call.GetValue(_tasks) ?? Math.Min(DefaultTasks, taskset.HeldOutCount ?? DefaultTasks);
        var k = call.GetValue(_attempts) ?? 1;

        IReadOnlyList<Trace> Play(IReadOnlyList<Episode> episodes)
        {
            using var local = LocalEngine.Open(folder, Slots);
            return new EpisodePlayer(local.Engine, renderer, new LocalEnvironment(taskset), sampling, call.GetValue(_seed) ?? 0).Play(episodes, stop);
        }

        var report = await Evaluator.RunAsync(taskset, episodes => LocalEngine.OnThreadAsync(() => Play(episodes)), n, k, stop);
        _context.Output.WriteLine(call.GetValue(_json) ? Json.Line(report) : Line(report));
        return report.Avg is null ? ExitCode.Failure : ExitCode.Success;
    }

    private static PlainRenderer RendererFor(string folder, Taskset taskset)
    {
        ModelFolder.LoadConfig(folder);
        var tokenizer = TokenizerFile.Load(folder);
        try
        {
            return new PlainRenderer(tokenizer, taskset.Limits.StopSequences);
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"the model in {folder} does not fit the environment '{taskset.Name}'", $"{e.Message}.", "Use a model that was trained on this environment.");
        }
    }

    private static string Line(EvaluationReport report) =>
        $"{report.Env}: avg@{report.K} {(report.Avg is { } avg ? $"{avg:0.000}" : "none")}"
        + (report.PassAtK is { } pass ? $", pass@{report.K} {pass:0.000}" : "")
        + $" on {report.N} held-out tasks, {report.Errors} errors";
}
