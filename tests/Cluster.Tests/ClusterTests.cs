using System.Text.Json;

namespace Intellect3.Cluster.Tests;

/// <summary>A run spread over processes, as its users start them.</summary>
public sealed class ClusterTests : IDisposable
{
    private readonly RunFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task A_synchronous_run_has_the_same_bits_on_one_process_and_on_many()
    {
        var solo = await _runs.TrainAsync("solo", RunFolder.SmallSynchronous);
        using var cluster = await TestCluster.StartAsync(_runs, rollouts: 0);
        for (var nodes = 1; nodes <= 3; nodes++)
        {
            // The same cluster, one run after another, each with one node more.
            await cluster.StartNodeAsync($"rollout-{nodes}", "rollout,verifier");
            await cluster.SubmitAsync($"{nodes}", RunFolder.SmallSynchronous);
            await cluster.UntilFinishedAsync();

            Assert.Equal(Sha(solo), Sha(_runs.Summary($"{nodes}")));
            Assert.True(_runs.Summary($"{nodes}").GetProperty("deterministic").GetBoolean());
        }

        await AssertLedgerAsync("3");
    }

    [Fact]
    public async Task Nodes_join_and_leave_a_run_that_goes_on()
    {
        using var cluster = await TestCluster.StartAsync(_runs, rollouts: 1);
        await cluster.SubmitAsync("run", [.. RunFolder.Small, "--set", "steps=5000"]);
        await cluster.UntilStepAsync(3);

        await cluster.StartNodeAsync("rollout-2", "rollout,verifier");
        await cluster.UntilAsync(s => s.GetProperty("nodes").EnumerateArray().Count(n => n.GetProperty("groups").GetInt32() > 0) == 2, "work on both nodes");
        Assert.Equal(0, await cluster.EndAsync("rollout-1", Intellect3Process.Terminate));
        var left = await cluster.UntilAsync(s => s.GetProperty("nodes").GetArrayLength() == 1, "one node");
        await cluster.UntilStepAsync(left.GetProperty("step").GetInt32() + 3);
        await cluster.StopRunAsync();

        // Whatever the node had was handed over: nothing had to be done again.
        Assert.DoesNotContain(_runs.Lines("run", "ledger.jsonl"), e => e.GetProperty("event").GetString() is "payloads_struck" or "rolled_back");
        await AssertLedgerAsync("run");
    }

    [Fact]
    public async Task Any_process_may_be_killed_and_the_run_goes_on()
    {
        using var cluster = await TestCluster.StartAsync(_runs, rollouts: 2);
        await cluster.SubmitAsync("run", [.. RunFolder.SmallSynchronous, "--set", "steps=30", "--set", "checkpoint.interval=5"]);
        await cluster.UntilStepAsync(6);

        // The trainer first: without it the run gets no further, however long the others take.
        await cluster.EndAsync("trainer", Intellect3Process.Kill);
        await cluster.StartNodeAsync("trainer", "trainer");
        await cluster.UntilAsync(s => s.GetProperty("version").GetProperty("lineage").GetInt32() == 2, "the second lineage");
        await cluster.EndAsync("rollout-1", Intellect3Process.Kill);
        await cluster.EndAsync("seed", Intellect3Process.Kill);
        await cluster.StartSeedAgainAsync();
        await cluster.UntilFinishedAsync();

        await AssertLedgerAsync("run");
        var events = _runs.Lines("run", "ledger.jsonl").Select(e => e.GetProperty("event").GetString()).ToList();
        Assert.Equal(2, events.Count(e => e == "coordinator_started"));
        Assert.Equal(2, events.Count(e => e == "rolled_back"));
        var undisturbed = await _runs.TrainAsync("solo", [.. RunFolder.SmallSynchronous, "--set", "steps=30", "--set", "checkpoint.interval=5"]);
        Assert.Equal(Sha(undisturbed), Sha(_runs.Summary("run")));
    }

    [Fact]
    public async Task A_second_run_is_refused_and_a_stopped_one_is_gone_on_with()
    {
        using var cluster = await TestCluster.StartAsync(_runs, rollouts: 1);
        await cluster.SubmitAsync("first", [.. RunFolder.Small, "--set", "steps=500"]);
        await cluster.UntilStepAsync(1);

        var (exit, _, errors) = await Intellect3Process.RunAsync("submit", "parity", "--to", cluster.Endpoint, "--run-dir", _runs.Path("second"));
        Assert.Equal(1, exit);
        Assert.Contains("the run first is active", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_runs.Path("second")));

        var stopped = await cluster.StopRunAsync();
        await cluster.SubmitAsync("first", [.. RunFolder.Small, "--set", "steps=500"]);
        await cluster.UntilStepAsync(stopped.GetProperty("step").GetInt32() + 1);
    }

    internal static string Sha(JsonElement summary) => summary.GetProperty("final_sha256").GetString()!;

    private async Task AssertLedgerAsync(string run) => Assert.Contains("proven", await TestCluster.RunAsync("ledger", "check", _runs.Path(run)), StringComparison.Ordinal);
}
