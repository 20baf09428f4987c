using System.Text.Json;

namespace Intellect3.Cluster.Host.Tests.Commands;

public sealed class LedgerCommandTests : IDisposable
{
    private const string Ledger = """
        {"seq":1,"event":"run_started","run":"r","seed":1,"steps":1,"groups_per_batch":1,"target_lag":1}
        {"seq":2,"event":"prompts_drawn","first":0,"sources":[{"environment":"parity","version":"1.0.0","hash":"built-in","task_index":0}]}

        """;

    private readonly Calls _calls = new();

    public void Dispose() => _calls.Dispose();

    [Fact]
    public async Task A_sound_ledger_is_proven()
    {
        _calls.Write("ledger.jsonl", Ledger);
        var (exit, output, error) = await _calls.RunAsync("ledger", "check", _calls.Folder);
        Assert.Equal((ExitCode.Success, ""), (exit, error));
        Assert.Equal("2 events, 0 steps in lineage 0, 1 prompts: 0 trained, 0 rejected, 0 failed, 0 quarantined, 0 withdrawn, 0 unfinished\nproven so far: the run has not ended\n", output);
    }

    [Fact]
    public async Task A_ledger_with_a_gap_is_a_failure_that_names_the_line()
    {
        _calls.Write("ledger.jsonl", Ledger.Replace("\"seq\":2", "\"seq\":3", StringComparison.Ordinal));
        var (exit, output, _) = await _calls.RunAsync("ledger", "check", _calls.Folder, "--json");
        Assert.Equal(ExitCode.Failure, exit);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.False(report.GetProperty("proven").GetBoolean());
        Assert.StartsWith("ledger.jsonl:2: ", Assert.Single(report.GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(1, report.GetProperty("prompts").GetProperty("drawn").GetInt32());
    }

    [Fact]
    public async Task A_folder_without_a_ledger_is_refused() => await _calls.AssertRefusedAsync(["ledger", "check", _calls.Folder], "no ledger in", "--run-dir");
}
