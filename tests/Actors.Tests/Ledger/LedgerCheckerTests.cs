using Intellect3.Actors.Ledger;

namespace Intellect3.Actors.Tests.Ledger;

public sealed class LedgerCheckerTests
{
    private const string Started = """{"event":"run_started","run":"r","seed":1,"steps":2,"groups_per_batch":2,"target_lag":1}""";
    private const string Coordinator = """{"event":"coordinator_started","epoch":1}""";
    private const string Reinforcement = """{"event":"reinforcement_started","warmup_steps":0}""";
    private const string Drawn = """{"event":"prompts_drawn","first":0,"sources":[{"environment":"e","version":"1","hash":"built-in","task_index":0},{"environment":"e","version":"1","hash":"built-in","task_index":1},{"environment":"e","version":"1","hash":"built-in","task_index":2}]}""";
    private const string Opened = """{"event":"attempts_opened","lineage":1,"version":0,"attempts":[{"prompt":0,"attempt":1},{"prompt":1,"attempt":1},{"prompt":2,"attempt":1}]}""";
    private const string Accepted0 = """{"event":"group_accepted","prompt":0,"attempt":1,"reward":1,"oldest_version":0}""";
    private const string Accepted1 = """{"event":"group_accepted","prompt":1,"attempt":1,"reward":1,"oldest_version":0}""";
    private const string Cut = """{"event":"batch_cut","step":1,"members":[{"prompt":0,"attempt":1},{"prompt":1,"attempt":1}]}""";
    private const string Committed = """{"event":"step_committed","step":1}""";
    private const string Ended = """{"event":"run_ended","reason":"done"}""";

    private static readonly string[] UpToOpened = [Started, Coordinator, Reinforcement, Drawn, Opened];
    private static readonly string[] UpToCommitted = [.. UpToOpened, Accepted0, Accepted1, Cut, Committed];
    private static readonly string TrainedStep1 = RunFiles.Trained(1, 1, (0, 1), (1, 1));

    private static RunFiles Run(params string[] more) => new RunFiles().Ledger([.. UpToCommitted, .. more]).TrainedLines(TrainedStep1);

    private static void AssertProblem(RunFiles files, string where, string says)
    {
        using (files)
        {
            var problem = Assert.Single(files.Check().Problems);
            Assert.Contains(says, problem.Message, StringComparison.Ordinal);
            Assert.StartsWith(where, problem.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_run_is_proven_and_its_prompts_counted()
    {
        using var files = Run(Ended);
        var report = files.Check();
        Assert.Empty(report.Problems);
        Assert.Equal((2, 1), (report.EndStates.Single(s => s.Key == "trained").Value, report.EndStates.Single(s => s.Key == "unfinished").Value));
    }

    [Theory]
    [InlineData(Started, "has it once")]
    [InlineData(Coordinator, "epoch 1 is not above 1")]
    [InlineData("""{"event":"no_such"}""", "no event `no_such`")]
    [InlineData("""{"event":"step_committed"}""", "`step` is missing")]
    [InlineData("""{"event":"step_committed","step":"2"}""", "`step` is not a whole number")]
    [InlineData("""{"event":"warmup_committed","step":1}""", "cannot follow step 1")]
    [InlineData(Reinforcement, "cannot start")]
    [InlineData("""{"event":"prompts_drawn","first":4,"sources":[]}""", "the next is 3")]
    [InlineData("""{"event":"prompts_drawn","first":3,"sources":[{"environment":"e","version":"1","hash":"built-in","task_index":2}]}""", "was drawn before")]
    [InlineData("""{"event":"prompts_drawn","first":3,"sources":[{"environment":"e","version":"1","hash":"built-in","task_index":3},{"environment":"e","version":"1","hash":"built-in","task_index":3}]}""", "twice at once")]
    [InlineData("""{"event":"attempts_opened","lineage":1,"version":1,"attempts":[{"prompt":2,"attempt":2}]}""", "prompt 2 is not open")]
    [InlineData("""{"event":"attempts_opened","lineage":1,"version":1,"attempts":[{"prompt":0,"attempt":2}]}""", "prompt 0 is not open")]
    [InlineData("""{"event":"attempts_opened","lineage":1,"version":1,"attempts":[{"prompt":9,"attempt":1}]}""", "never drawn")]
    [InlineData("""{"event":"attempts_opened","lineage":2,"version":0,"attempts":[]}""", "lineage 2")]
    [InlineData("""{"event":"attempts_opened","lineage":1,"version":2,"attempts":[]}""", "version 2")]
    [InlineData("""{"event":"group_accepted","prompt":2,"attempt":2,"reward":1,"oldest_version":0}""", "prompt 2 attempt 2 is not InFlight")]
    [InlineData("""{"event":"group_accepted","prompt":2,"attempt":1,"reward":1,"oldest_version":2}""", "token of version 2")]
    [InlineData(Accepted0, "prompt 0 attempt 1 is not InFlight")]
    [InlineData("""{"event":"attempt_ended","prompt":0,"attempt":1,"outcome":"lost","reason":""}""", "prompt 0 attempt 1 is not InFlight or Waiting")]
    [InlineData("""{"event":"attempt_ended","prompt":2,"attempt":1,"outcome":"gone","reason":""}""", "cannot end as `gone`")]
    [InlineData("""{"event":"prompt_ended","prompt":2,"state":"rejected","reason":""}""", "it is InFlight")]
    [InlineData("""{"event":"prompt_ended","prompt":2,"state":"trained","reason":""}""", "by itself as `trained`")]
    [InlineData("""{"event":"batch_cut","step":2,"members":[{"prompt":2,"attempt":1}]}""", "is not Waiting")]
    [InlineData("""{"event":"batch_cut","step":2,"members":[]}""", "1 to 2 members")]
    [InlineData("""{"event":"batch_cut","step":3,"members":[{"prompt":2,"attempt":1}]}""", "the next batch is that of step 2")]
    [InlineData("""{"event":"batch_cut","step":2,"members":[{"prompt":0,"attempt":1},{"prompt":0,"attempt":1}]}""", "has a prompt twice")]
    [InlineData(Committed, "step 1 has no batch")]
    [InlineData("""{"event":"payloads_struck","step":1,"members":[{"prompt":0,"attempt":1}]}""", "step 1 has no batch")]
    [InlineData("""{"event":"checkpoint_written","phase":"reinforcement","step":2}""", "cannot exist at step 1")]
    [InlineData("""{"event":"checkpoint_written","phase":"warmup","step":0}""", "cannot exist at step 1")]
    [InlineData("""{"event":"checkpoint_written","phase":"sleep","step":0}""", "no phase `sleep`")]
    [InlineData("""{"event":"rolled_back","phase":"reinforcement","step":2,"lineage":2}""", "cannot go back")]
    [InlineData("""{"event":"rolled_back","phase":"warmup","step":1,"lineage":2}""", "cannot go back")]
    [InlineData("""{"event":"rolled_back","phase":"reinforcement","step":0,"lineage":1}""", "lineage 1 cannot follow 1")]
    public void An_event_that_cannot_follow_is_named_by_its_line(string @event, string says) => AssertProblem(Run(@event), "ledger.jsonl:10: ", says);

    [Fact]
    public void Nothing_follows_the_end_of_a_run() => AssertProblem(Run(Ended, """{"event":"environment_quarantined","environment":"e","reason":""}"""), "ledger.jsonl:11", "after the run had ended");

    [Fact]
    public void A_quarantined_environment_gives_no_prompts() => AssertProblem(
        Run("""{"event":"environment_quarantined","environment":"e","reason":""}""", """{"event":"prompts_drawn","first":3,"sources":[{"environment":"e","version":"1","hash":"built-in","task_index":3}]}"""),
        "ledger.jsonl:11",
        "quarantined");

    [Theory]
    [InlineData("""{"event":"attempts_opened","lineage":1,"version":1,"attempts":[{"prompt":2,"attempt":2}]}""")]
    [InlineData("""{"event":"prompt_ended","prompt":2,"state":"failed","reason":""}""")]
    [InlineData(Ended)]
    public void What_was_delivered_and_not_accepted_can_only_be_rejected(string next)
    {
        const string Delivered = """{"event":"attempt_ended","prompt":2,"attempt":1,"outcome":"delivered","reason":""}""";
        using (var rejected = Run(Delivered, """{"event":"prompt_ended","prompt":2,"state":"rejected","reason":""}""", Ended))
        {
            Assert.Empty(rejected.Check().Problems);
        }

        using var files = Run(Delivered, next);
        Assert.Single(files.Check().Problems);
    }

    [Fact]
    public void A_batch_may_not_run_further_ahead_than_the_lag() => AssertProblem(
        new RunFiles().Ledger([Started.Replace("\"target_lag\":1", "\"target_lag\":0", StringComparison.Ordinal), .. UpToOpened[1..], Accepted0, Accepted1,
            """{"event":"batch_cut","step":1,"members":[{"prompt":0,"attempt":1}]}""", """{"event":"batch_cut","step":2,"members":[{"prompt":1,"attempt":1}]}"""]),
        "ledger.jsonl:9",
        "more than the lag of 0");

    [Fact]
    public void A_batch_has_no_more_groups_than_the_run_says() => AssertProblem(
        new RunFiles().Ledger([Started.Replace("\"groups_per_batch\":2", "\"groups_per_batch\":1", StringComparison.Ordinal), .. UpToOpened[1..], Accepted0, Accepted1, Cut]),
        "ledger.jsonl:8",
        "1 to 1 members");

    [Fact]
    public void Struck_payloads_open_their_prompts_and_the_others_wait_again()
    {
        using var files = new RunFiles().Ledger([
            .. UpToOpened, Accepted0, Accepted1, Cut,
            """{"event":"payloads_struck","step":1,"members":[{"prompt":0,"attempt":1}]}""",
            """{"event":"attempts_opened","lineage":1,"version":0,"attempts":[{"prompt":0,"attempt":2}]}""",
            """{"event":"batch_cut","step":1,"members":[{"prompt":1,"attempt":1}]}""",
            Committed, Ended]).TrainedLines(RunFiles.Trained(1, 1, (1, 1)));
        Assert.Empty(files.Check().Problems);
    }

    [Fact]
    public void After_a_rollback_what_was_trained_later_is_trained_again_under_the_new_lineage()
    {
        string[] again =
        [
            """{"event":"rolled_back","phase":"reinforcement","step":0,"lineage":2}""",
            """{"event":"attempts_opened","lineage":2,"version":0,"attempts":[{"prompt":0,"attempt":2}]}""",
            """{"event":"group_accepted","prompt":0,"attempt":2,"reward":1,"oldest_version":0}""",
            """{"event":"batch_cut","step":1,"members":[{"prompt":0,"attempt":2}]}""",
            Committed, Ended,
        ];
        using (var files = Run(again).TrainedLines(TrainedStep1, RunFiles.Trained(1, 2, (0, 2))))
        {
            var report = files.Check();
            Assert.Empty(report.Problems);
            Assert.Equal((1, 2), (report.Steps, report.Lineage));
            Assert.Equal(1, report.EndStates[0].Value);
        }

        AssertProblem(Run(again), "trained.jsonl", "record is of lineage 1");
    }

    [Fact]
    public void What_a_rollback_keeps_stays_trained() => AssertProblem(
        Run("""{"event":"rolled_back","phase":"reinforcement","step":1,"lineage":2}""", """{"event":"attempts_opened","lineage":2,"version":1,"attempts":[{"prompt":0,"attempt":2}]}"""),
        "ledger.jsonl:11",
        "prompt 0 is not open");

    [Fact]
    public void The_trainers_record_is_compared_member_by_member()
    {
        AssertProblem(Run(Ended).TrainedLines(RunFiles.Trained(1, 1, (0, 1))), "trained.jsonl", "differ in prompt 1 attempt 1");
        AssertProblem(Run(Ended).TrainedLines(RunFiles.Trained(1, 1, (0, 1), (1, 1), (2, 1))), "trained.jsonl", "differ in prompt 2 attempt 1");
        AssertProblem(Run(Ended).TrainedLines(TrainedStep1, TrainedStep1), "trained.jsonl:2", "trained twice in lineage 1");
        AssertProblem(Run(Ended).TrainedLines(TrainedStep1, RunFiles.Trained(2, 1, (2, 1))), "trained.jsonl", "never committed");
        AssertProblem(Run(Ended).TrainedLines(TrainedStep1.Replace(RunFiles.Hash, "abc", StringComparison.Ordinal), TrainedStep1), "trained.jsonl:1", "not a hash");
        AssertProblem(Run(Ended).TrainedLines(), "trained.jsonl", "no record");
    }

    [Fact]
    public void A_run_under_way_may_have_its_newest_step_in_one_file_only()
    {
        using var ledgerFirst = Run().TrainedLines();
        Assert.Empty(ledgerFirst.Check().Problems);
        using var trainerFirst = Run().TrainedLines(TrainedStep1, RunFiles.Trained(2, 1, (2, 1)));
        Assert.Empty(trainerFirst.Check().Problems);
    }

    [Fact]
    public void A_torn_last_line_does_not_count()
    {
        using var files = Run();
        File.AppendAllText(Path.Combine(files.Path, "ledger.jsonl"), """{"seq":10,"event":"run_ended","reason":"done"}""");
        Assert.Equal((true, false, 9), (files.Check().IsProven, files.Check().HasEnded, files.Check().Events));
    }

    [Fact]
    public void A_gap_and_a_line_that_is_no_json_are_found()
    {
        AssertProblem(new RunFiles().Write("ledger.jsonl", [Started.Insert(1, "\"seq\":1,") + "\n", Coordinator.Insert(1, "\"seq\":3,") + "\n", Reinforcement.Insert(1, "\"seq\":4,") + "\n"]), "ledger.jsonl:2", "2 comes next");
        AssertProblem(new RunFiles().Write("ledger.jsonl", [Started.Insert(1, "\"seq\":1,") + "\n", "{\"seq\":2,\n"]), "ledger.jsonl:2", "not JSON");
        AssertProblem(new RunFiles().Write("ledger.jsonl", []), "ledger.jsonl", "no event");
    }

    [Fact]
    public void A_checkpoint_must_have_been_announced_unless_it_is_newer_than_the_ledger()
    {
        const string Written = """{"event":"checkpoint_written","phase":"reinforcement","step":1}""";
        AssertProblem(Run(Ended).Folder("checkpoints/step-1"), "checkpoints/step-1", "never announced");
        AssertProblem(Run().Folder("checkpoints/step-0"), "checkpoints/step-0", "never announced");
        AssertProblem(Run().Folder("checkpoints/warmup-3"), "checkpoints/warmup-3", "never announced");
        using var announced = Run(Written, Ended).Folder("checkpoints/step-1").Folder("checkpoints/.step-2.tmp");
        Assert.Empty(announced.Check().Problems);
        using var newer = Run().Folder("checkpoints/step-1").Folder("checkpoints/step-2");
        Assert.Empty(newer.Check().Problems);
    }

    [Fact]
    public void The_summary_must_say_the_same()
    {
        const string Right = """{"prompts":{"trained":2,"rejected":0,"failed":0,"quarantined":0,"withdrawn":0,"unfinished":1}}""";
        using var files = Run(Ended).Write("summary.json", [Right]);
        Assert.Empty(files.Check().Problems);
        AssertProblem(Run(Ended).Write("summary.json", [Right.Replace("\"unfinished\":1", "\"unfinished\":0", StringComparison.Ordinal)]), "summary.json", "0 prompts are unfinished, the ledger 1");
        AssertProblem(Run(Ended).Write("summary.json", ["{}"]), "summary.json", "`prompts` is missing");
    }

    [Fact]
    public void A_directory_without_a_ledger_is_a_typed_error()
    {
        using var files = new RunFiles();
        Assert.Contains(files.Path, Assert.Throws<LedgerNotFoundException>(files.Check).Message, StringComparison.Ordinal);
    }
}
