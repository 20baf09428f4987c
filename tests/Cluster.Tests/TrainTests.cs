using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Intellect3.Cluster.Tests;

/// <summary><c>train</c> as its users run it: the real executable, all actors, small settings.</summary>
public sealed class TrainTests : IDisposable
{
    private readonly RunFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_run_leaves_what_it_promises_and_its_books_close()
    {
        var summary = await _runs.TrainAsync("run", RunFolder.Small);

        foreach (var file in (string[])["config.conf", "summary.json", "metrics.jsonl", "traces.jsonl", "trained.jsonl", "ledger.jsonl", "final/config.json", "final/tokenizer.json", "final/model.safetensors", "checkpoints/step-4/manifest.json"])
        {
            Assert.True(File.Exists(Path.Combine(_runs.Path("run"), file)), file);
        }

        Assert.Equal(4, summary.GetProperty("step").GetInt32());
        Assert.Equal(16, summary.GetProperty("prompts").GetProperty("trained").GetInt32());
        Assert.Equal(64, summary.GetProperty("final_sha256").GetString()!.Length);
        Assert.All(_runs.Lines("run", "metrics.jsonl"), line => Assert.True(line.TryGetProperty("step", out _)));
        Assert.All(_runs.Lines("run", "traces.jsonl"), line => Assert.Equal("guess", line.GetProperty("env").GetString()));
        await AssertLedgerAsync("run");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_runs.Path("run"), ".writing*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Synchronous_runs_end_with_the_same_bits_whatever_the_number_of_engines()
    {
        var one = await _runs.TrainAsync("one", RunFolder.SmallSynchronous);
        var again = await _runs.TrainAsync("again", [.. RunFolder.SmallSynchronous, "--set", "trainer.workers=1"]);
        var two = await _runs.TrainAsync("two", [.. RunFolder.SmallSynchronous, "--set", "rollout.engines=2"]);

        Assert.True(one.GetProperty("deterministic").GetBoolean());
        Assert.Equal(Sha(one), Sha(again));
        Assert.Equal(Sha(one), Sha(two));
        var mismatch = _runs.Lines("one", "metrics.jsonl").Where(l => l.TryGetProperty("mismatch_kl/all", out _)).Average(l => l.GetProperty("mismatch_kl/all").GetDouble());
        Assert.InRange(mismatch, 0, 1e-5);
    }

    [SkippableFact]
    public async Task A_killed_run_is_resumed_and_ends_with_the_undisturbed_bits()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are a matter of Unix");
        string[] settings = [.. RunFolder.SmallSynchronous, "--steps", "60"];
        var undisturbed = await _runs.TrainAsync("undisturbed", settings);
        using (var run = Intellect3Process.Start(["train", .. settings, "--run-dir", _runs.Path("killed")]))
        {
            await run.LineAsync(line => StepOf(line) is > 3, "a step of reinforcement learning");
            run.Signal(Intellect3Process.Kill);
            await run.WaitAsync();
        }

        Assert.False(File.Exists(Path.Combine(_runs.Path("killed"), "summary.json")));
        var (exit, output, errors) = await Intellect3Process.RunAsync("train", "--resume", "--run-dir", _runs.Path("killed"), "--progress", "plain");
        Assert.True(exit == 0, output + errors);
        Assert.Equal(Sha(undisturbed), Sha(_runs.Summary("killed")));
        await AssertLedgerAsync("killed");

        var (repeated, said, _) = await Intellect3Process.RunAsync("train", "--resume", "--run-dir", _runs.Path("killed"), "--progress", "plain");
        Assert.Equal(0, repeated);
        Assert.Contains("finished", said, StringComparison.OrdinalIgnoreCase);
    }

    [SkippableFact]
    public async Task A_run_killed_during_warm_up_goes_on_too()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are a matter of Unix");
        string[] settings = [.. RunFolder.SmallSynchronous, "--set", "warmup.max-steps=300", "--set", "warmup.probe-from=300"];
        var undisturbed = await _runs.TrainAsync("undisturbed", settings);
        using (var run = Intellect3Process.Start(["train", .. settings, "--run-dir", _runs.Path("killed")]))
        {
            await run.LineAsync(line => line.Contains("warmup", StringComparison.Ordinal) && !line.Contains("step 0", StringComparison.Ordinal), "a step of warm-up");
            run.Signal(Intellect3Process.Kill);
            await run.WaitAsync();
        }

        var (exit, output, errors) = await Intellect3Process.RunAsync("train", "--resume", "--run-dir", _runs.Path("killed"), "--progress", "plain");
        Assert.True(exit == 0, output + errors);
        Assert.Equal(Sha(undisturbed), Sha(_runs.Summary("killed")));
    }

    [SkippableFact]
    public async Task Ctrl_C_once_checkpoints_and_leaves_and_the_run_can_be_resumed()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are a matter of Unix");
        string[] settings = [.. RunFolder.Small, "--steps", "2000", "--set", "checkpoint.interval=0"];
        using (var run = Intellect3Process.Start(["train", .. settings, "--run-dir", _runs.Path("stopped")]))
        {
            await run.LineAsync(line => StepOf(line) is > 1, "a step of reinforcement learning");
            run.Signal(Intellect3Process.Interrupt);
            Assert.Equal(0, await run.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        var checkpoint = Directory.EnumerateDirectories(Path.Combine(_runs.Path("stopped"), "checkpoints")).Select(Path.GetFileName).Max(name => int.Parse(name!["step-".Length..], CultureInfo.InvariantCulture));
        Assert.InRange(checkpoint, 2, 1999);

        using var resumed = Intellect3Process.Start("train", "--resume", "--run-dir", _runs.Path("stopped"), "--progress", "plain");
        await resumed.LineAsync(line => StepOf(line) > checkpoint, $"a step after {checkpoint}");
        resumed.Signal(Intellect3Process.Interrupt);
        resumed.Signal(Intellect3Process.Interrupt);
        await resumed.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>The step that a progress line of reinforcement learning shows; null for other lines.</summary>
    private static int? StepOf(string line) =>
        Regex.Match(line, "rl step ([0-9]+)/") is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    private static string Sha(JsonElement summary) => summary.GetProperty("final_sha256").GetString()!;

    private async Task AssertLedgerAsync(string name)
    {
        var (exit, output, errors) = await Intellect3Process.RunAsync("ledger", "check", _runs.Path(name));
        Assert.True(exit == 0, output + errors);
    }
}
