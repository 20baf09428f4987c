using System.Text.Json;

namespace Intellect3.Cluster.Tests;

/// <summary>An environment's way into a live run and out again, by the commands that its author types.</summary>
public sealed class InjectionTests : IDisposable
{
    private readonly RunFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task An_environment_is_injected_upgraded_weighted_and_withdrawn_while_the_run_goes_on()
    {
        var project = _runs.Path("clock");
        await TestCluster.RunAsync("env", "new", "Clock", "--dir", project);
        await PackAsync(project);
        await TestCluster.RunAsync("env", "validate", _runs.Path("Clock.1.0.0.nupkg"));
        using var cluster = await TestCluster.StartAsync(_runs, rollouts: 2);
        await cluster.SubmitAsync("run", [.. RunFolder.Small, "--set", "steps=5000", "--set", "trainer.zero-advantage=drop", "--set", "model.max-positions=128"]);
        await cluster.UntilStepAsync(2);

        await cluster.PushAsync(_runs.Path("Clock.1.0.0.nupkg"));
        await cluster.PbmAsync("env", "inject", "Clock", "--weight", "0.5");
        await UntilSampledAsync(cluster, "1.0.0");
        Assert.Equal(2, (await ProcessesAsync(cluster, "1.0.0")).Count(p => p.GetProperty("state").GetString() == "ready"));

        var file = Path.Combine(project, "Clock.csproj");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("<Version>1.0.0<", "<Version>1.1.0<", StringComparison.Ordinal));
        await PackAsync(project);
        await cluster.PushAsync(_runs.Path("Clock.1.1.0.nupkg"));
        await cluster.PbmAsync("env", "inject", "Clock", "--version", "1.1.0");
        await UntilSampledAsync(cluster, "1.1.0");

        await cluster.PbmAsync("env", "weight", "Clock", "0.25");
        Assert.Equal(0.25, (await cluster.PbmAsync("env", "list")).Single(e => e.GetProperty("name").GetString() == "Clock").GetProperty("weight").GetDouble(), 9);
        await cluster.PbmAsync("env", "withdraw", "Clock");
        await UntilEndedAsync(cluster, "1.0.0");
        await UntilEndedAsync(cluster, "1.1.0");

        await cluster.StopRunAsync();
        Assert.Contains("proven", await TestCluster.RunAsync("ledger", "check", _runs.Path("run")), StringComparison.Ordinal);
        var changes = _runs.Lines("run", "ledger.jsonl").Where(e => e.GetProperty("event").GetString() == "curriculum_changed").ToList();
        Assert.Equal(4, changes.Count);
        AssertPinned();
    }

    /// <summary>Whatever was in flight at the upgrade or the withdrawal ended on the version that it was drawn from, and none of it failed or was given up for it.</summary>
    private void AssertPinned()
    {
        var sources = _runs.Lines("run", "ledger.jsonl").Where(e => e.GetProperty("event").GetString() == "prompts_drawn")
            .SelectMany(e => e.GetProperty("sources").EnumerateArray())
            .Select(s => (s.GetProperty("environment").GetString(), s.GetProperty("version").GetString(), s.GetProperty("hash").GetString()))
            .ToList();
        foreach (var trace in _runs.Lines("run", "traces.jsonl"))
        {
            var sampled = (trace.GetProperty("env").GetString(), trace.GetProperty("env_version").GetString(), trace.GetProperty("env_hash").GetString());
            Assert.Equal(sources[trace.GetProperty("group").GetInt32()], sampled);
        }

        Assert.Equal(2, sources.Where(s => s.Item1 == "Clock").Select(s => s.Item3).Distinct().Count());
        Assert.DoesNotContain(_runs.Lines("run", "ledger.jsonl"), e => e.TryGetProperty("outcome", out var outcome) && outcome.GetString() is "failed" or "lost");
    }

    private async Task PackAsync(string project) => await TestCluster.RunAsync("env", "pack", project, "--out", _runs.Path(""));

    private static async Task<IReadOnlyList<JsonElement>> ProcessesAsync(TestCluster cluster, string version) =>
        [.. (await cluster.PbmAsync("env", "inspect", "Clock")).Where(p => p.TryGetProperty("version", out var v) && v.GetString() == version)];

    private async Task UntilSampledAsync(TestCluster cluster, string version) => await cluster.UntilAsync(
        _ => File.ReadLines(Path.Combine(_runs.Path("run"), "traces.jsonl")).Any(l => l.Contains("\"Clock\"", StringComparison.Ordinal) && l.Contains($"\"{version}\"", StringComparison.Ordinal)),
        $"a sample of {version}");

    private static async Task UntilEndedAsync(TestCluster cluster, string version)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await ProcessesAsync(cluster, version)).Any(p => p.GetProperty("state").GetString() != "stopped"))
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }
}
