using Intellect3.Actors.Administration;
using Intellect3.Kernels.Features;
using Intellect3.Model.Inference;

namespace Intellect3.Cluster.Host.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private const string Summary = """{"recipe":"parity","seconds":{"total":61.5},"before":{"greedy":0,"sampled":0.001},"after_sft":{"greedy":0.75,"sampled":0.5},"after":{"greedy":1,"sampled":0.95}}""";

    private readonly Calls _calls = new();
    private readonly string _run;

    public TrainCommandTests() => _run = Path.Combine(_calls.Folder, "run");

    public void Dispose() => _calls.Dispose();

    [Fact]
    public async Task A_run_is_prepared_shown_and_summed_up()
    {
        _calls.Launcher.Run = request =>
        {
            Assert.Equal(request.ConfigText, File.ReadAllText(Path.Combine(request.Directory, "config.conf")));
            request.Progress.Report(Status(RunStage.Reinforcement, step: 1));
            File.WriteAllText(Path.Combine(request.Directory, "summary.json"), Summary);
            return ExitCode.Success;
        };
        var (exit, output, error) = await _calls.RunAsync("train", "parity", "--run-dir", _run, "--steps", "3", "--set", "seed=7");

        Assert.Equal((ExitCode.Success, ""), (exit, error));
        Assert.Equal((3, 7UL, _run, false), (_calls.Launcher.Request!.Settings.Steps, _calls.Launcher.Request.Settings.Seed, _calls.Launcher.Request.Directory, _calls.Launcher.Request.Resume));
        Assert.Contains("recipe   parity, seed 7\n", output, StringComparison.Ordinal);
        Assert.Contains("\n0:05 rl step 1/3 reward 0.500 version 1.1 staleness 0.0 sampled/s 0 trained/s 0 in-flight 0 waiting 0\n", output, StringComparison.Ordinal);
        Assert.Contains("                    before  after warm-up       after RL\n", output, StringComparison.Ordinal);
        Assert.Contains("sampled              0.001          0.500          0.950\n", output, StringComparison.Ordinal);
        Assert.Contains($"intellect3 eval --model {_run}/final --env parity\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_json_the_summary_stands_alone_on_standard_output()
    {
        _calls.Launcher.Run = request =>
        {
            request.Progress.Report(Status(RunStage.Reinforcement, step: 1));
            File.WriteAllText(Path.Combine(request.Directory, "summary.json"), "{\n  \"recipe\": \"parity\"\n}");
            return ExitCode.Success;
        };
        var (exit, output, error) = await _calls.RunAsync("train", "--run-dir", _run, "--json");
        Assert.Equal((ExitCode.Success, "{\"recipe\":\"parity\"}\n"), (exit, output));
        Assert.Contains("rl step 1/3", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_progress_no_line_of_it_is_written()
    {
        _calls.Launcher.Run = request =>
        {
            request.Progress.Report(Status(RunStage.Reinforcement, step: 1));
            return ExitCode.Failure;
        };
        var (exit, output, _) = await _calls.RunAsync("train", "--run-dir", _run, "--progress", "none");
        Assert.Equal(ExitCode.Failure, exit);
        Assert.DoesNotContain("rl step", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_goes_on_with_its_own_settings()
    {
        await _calls.RunAsync("train", "sort", "--run-dir", _run, "--steps", "3", "--set", "trainer.target-lag=0");
        var first = _calls.Launcher.Request!;
        var (exit, output, _) = await _calls.RunAsync("train", "--resume", "--run-dir", _run);

        Assert.Equal(ExitCode.Success, exit);
        Assert.Contains("sort, seed 1, resumed", output, StringComparison.Ordinal);
        var second = _calls.Launcher.Request!;
        Assert.True(second.Resume);
        Assert.Equal(first.ConfigText, second.ConfigText);
        Assert.Equal(first.Settings with { Environments = [] }, second.Settings with { Environments = [] });
    }

    [Fact]
    public async Task The_same_switches_may_be_repeated_when_resuming_but_not_others()
    {
        await _calls.RunAsync("train", "sort", "--run-dir", _run, "--steps", "3");
        Assert.Equal(ExitCode.Success, (await _calls.RunAsync("train", "sort", "--resume", "--run-dir", _run, "--steps", "3")).Exit);
        await _calls.AssertRefusedAsync(["train", "--resume", "--run-dir", _run, "--steps", "4"], "steps is 3 in the run to resume, not 4");
        await _calls.AssertRefusedAsync(["train", "--resume", "--run-dir", _run, "--set", "environments.guess=1"], "environments.guess is absent in the run to resume, not 1");
        await _calls.AssertRefusedAsync(["train", "guess", "--resume", "--run-dir", _run], "the recipe is sort in the run to resume, not guess");
    }

    [Fact]
    public async Task A_finished_run_is_left_as_it_is()
    {
        await _calls.RunAsync("train", "--run-dir", _run);
        File.WriteAllText(Path.Combine(_run, "summary.json"), Summary);
        _calls.Launcher.Run = _ => throw new InvalidOperationException("It must not run.");
        var (exit, output, _) = await _calls.RunAsync("train", "--resume", "--run-dir", _run);
        Assert.Equal(ExitCode.Success, exit);
        Assert.Contains("is finished", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_holds_something_is_refused()
    {
        await _calls.RunAsync("train", "--run-dir", _run);
        await _calls.AssertRefusedAsync(["train", "--run-dir", _run], "is not empty", "--resume");
        await _calls.AssertRefusedAsync(["train", "--run-dir", _calls.Write("file", "")], "is a file", "Choose another --run-dir.");
        _calls.Write("other", "");
        await _calls.AssertRefusedAsync(["train", "--run-dir", _calls.Folder], "is not empty", "not of a run", "Choose another --run-dir.");
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_refused() =>
        await _calls.AssertRefusedAsync(["train", "--run-dir", Path.Combine(_calls.Write("file", ""), "run")], "cannot write to the run directory", "--run-dir");

    [Fact]
    public async Task Kernels_that_the_machine_lacks_are_refused()
    {
        var missing = Enum.GetValues<KernelPath>().First(path => !KernelPaths.IsSupported(path));
        await _calls.AssertRefusedAsync(["train", "--run-dir", _run, "--set", $"device.kernels={KernelPaths.Name(missing)}"], "cannot be had here (--set)", "this machine has no", "or auto");
        Assert.False(Directory.Exists(_run));
    }

    [Fact]
    public async Task Nothing_to_resume_is_refused()
    {
        await _calls.AssertRefusedAsync(["train", "--resume"], "--resume needs --run-dir");
        await _calls.AssertRefusedAsync(["train", "--resume", "--run-dir", _run], "nothing to resume", "no such directory");
        await _calls.AssertRefusedAsync(["train", "--resume", "--run-dir", _calls.Folder], "nothing to resume", "no config.conf");
    }

    [Fact]
    public async Task A_run_that_is_refused_leaves_nothing_behind()
    {
        _calls.Launcher.Run = _ => throw new CommandException("the model folder is damaged", null, "Mend it.");
        var (exit, _, error) = await _calls.RunAsync("train", "--run-dir", _run);
        Assert.Equal(ExitCode.BadInput, exit);
        Assert.Equal("error: the model folder is damaged\n  Mend it.\n", error);
        Assert.False(Directory.Exists(_run));
    }

    [Fact]
    public async Task A_run_that_failed_after_it_began_keeps_its_files()
    {
        _calls.Launcher.Run = request =>
        {
            File.WriteAllText(Path.Combine(request.Directory, "metrics.jsonl"), "");
            throw new CommandException("the trainer failed", null, "Resume.", ExitCode.Failure);
        };
        Assert.Equal(ExitCode.Failure, (await _calls.RunAsync("train", "--run-dir", _run)).Exit);
        Assert.True(File.Exists(Path.Combine(_run, "config.conf")));
    }

    [Fact]
    public void The_default_directory_names_recipe_seed_and_time() =>
        Assert.Equal(Path.Combine("runs", "parity-3-20260102-030405"), Host.Commands.RunDirectory.DefaultFor("parity", 3, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));

    private static RunStatus Status(RunStage stage, int step) => new()
    {
        Run = "parity-1",
        Recipe = "parity",
        Stage = stage,
        Step = step,
        Steps = 3,
        Version = new PolicyVersion(1, step),
        RewardHistory = [0.5],
        Elapsed = TimeSpan.FromSeconds(5),
    };
}
