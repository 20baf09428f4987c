using System.Text.Json;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Parameters;
using Intellect3.Actors.Transport;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Administration;

/// <summary>Every palette, asked on one node about the other.</summary>
public sealed class PalettesTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Fact]
    public async Task Cluster_show_status_and_leader_are_as_pbm_prints_them()
    {
        string[] lines =
        [
            $"{nodes.Coordinator} | [coordinator,trainer] | up |  | {nodes.Version}",
            $"{nodes.Worker} | [rollout,verifier] | up |  | {nodes.Version}",
        ];

        Assert.Equal([.. lines, "Count: 2 nodes"], (await OnWorkerAsync("cluster show")).Lines);
        Assert.Equal([lines[1]], (await OnWorkerAsync("cluster status")).Lines);
        Assert.Matches($"^({Regex.Escape(nodes.Coordinator.ToString())}|{Regex.Escape(nodes.Worker.ToString())})$", Assert.Single((await OnWorkerAsync("cluster leader")).Lines));
        Assert.Equal("up", (await OnWorkerAsync("cluster show")).Data[0].GetProperty("status").GetString());
        Assert.Equal(["no member is unreachable"], (await OnWorkerAsync("cluster down-unreachable")).Lines);
    }

    [Theory]
    [InlineData("cluster leave -a 127.0.0.1:1", "127.0.0.1:1 is no node of this cluster")]
    [InlineData("cluster down -a nowhere", "nowhere is no node of this cluster")]
    [InlineData("cluster join -a a:b:c", "a:b:c is no address")]
    [InlineData("cluster-sharding region-stats -r rollout-gruop", "there is no region rollout-gruop")]
    [InlineData("log peek -l loud", "loud is no level")]
    [InlineData("env weight Clock 1.5", "the weight 1.5 is too large")]
    public async Task What_is_not_there_is_named(string line, string what)
    {
        nodes.Runs = _ => nodes.Activity;

        Assert.Equal(what, (await Assert.ThrowsAsync<CommandFailedException>(() => OnWorkerAsync(line))).Message);
    }

    [Fact]
    public async Task Cluster_tail_begins_with_the_members()
    {
        using var enough = new CancellationTokenSource(Expect.Soon);
        var seen = new List<string>();
        await foreach (var response in Run(nodes.WorkerPalettes, "cluster tail", enough.Token))
        {
            seen.Add(response.Text!);
            if (seen.Count(line => line.Contains("MemberUp", StringComparison.Ordinal)) == 2)
            {
                break;
            }
        }

        Assert.Contains(seen, line => line.EndsWith($"MemberUp {nodes.Coordinator} | [coordinator,trainer] | up |  | {nodes.Version}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Actor_hierarchy_of_another_node_is_asked_there()
    {
        var own = await OnWorkerAsync("actor hierarchy -d 1 -s /user");
        var other = await OnWorkerAsync($"actor hierarchy -d 1 -s {nodes.Coordinator}/user");

        Assert.Contains($"{nodes.Worker}/user/node", own.Lines);
        Assert.DoesNotContain($"{nodes.Worker}/user/node/rollout-node", own.Lines);
        Assert.Contains($"{nodes.Coordinator}/user/runs", other.Lines);
        Assert.Contains($"{nodes.Coordinator}/user/administrator", other.Lines);
        Assert.Equal(["akka://intellect3"], (await OnWorkerAsync("actor system")).Lines);
        var missing = await Assert.ThrowsAsync<CommandFailedException>(() => OnWorkerAsync("actor hierarchy -s /user/nobody"));
        Assert.Equal($"{nodes.Worker}: there is no actor /user/nobody", missing.Message);
    }

    [Fact]
    public async Task Sharding_is_told_by_the_node_that_has_the_shards()
    {
        Assert.Equal(["REGION         NODES  SHARDS  ENTITIES", "rollout-group  1      1       1"], (await OnCoordinatorAsync("cluster-sharding regions")).Lines);
        Assert.Equal([$"{nodes.Worker} | [rollout,verifier] | up |  | {nodes.Version} | rollout-group | shards: 1 | entities: 1"], (await OnCoordinatorAsync("cluster-sharding region-stats -r rollout-group")).Lines);
        var shard = Assert.Single((await OnCoordinatorAsync("cluster-sharding shard-stats")).Data);
        Assert.Equal((nodes.WorkerIncarnation, 1), (shard.GetProperty("shard").GetString(), shard.GetProperty("entities").GetInt32()));
    }

    [Fact]
    public async Task Logs_of_all_nodes_carry_node_actor_and_run()
    {
        // Makes the other node's receiver log.
        await OnCoordinatorAsync("weights show");

        var line = Assert.Single((await OnCoordinatorAsync($"log peek -n 500 -a {nodes.Worker}")).Lines.Where(l => l.EndsWith("asked for the version", StringComparison.Ordinal)).TakeLast(1));
        Assert.Matches($@"^\d\d:\d\d:\d\d\.\d\d\d \[info\] \[{Regex.Escape(nodes.Worker.ToString())}\] \[/user/node/rollout-node/parameter-receiver\] asked for the version$", line);
        var entries = (await OnWorkerAsync("log peek -n 500")).Data;
        Assert.Contains(entries, e => e.GetProperty("node").GetString() == nodes.Coordinator.ToString() && e.GetProperty("run").GetString() == "first");
        Assert.Single((await OnWorkerAsync("log peek -n 1")).Lines);
    }

    [Fact]
    public async Task Log_tail_shows_what_is_logged_from_now_on()
    {
        using var deadline = new CancellationTokenSource(Expect.Soon);
        await foreach (var response in Run(nodes.WorkerPalettes, $"log tail -a {nodes.Coordinator}", deadline.Token))
        {
            if (response.Text!.EndsWith("said meanwhile", StringComparison.Ordinal))
            {
                return;
            }

            nodes.CoordinatorSystem.Log.Info("said meanwhile");
        }
    }

    [Fact]
    public async Task Run_status_shows_everything_at_a_glance()
    {
        nodes.Runs = _ => nodes.Activity;

        var (lines, data, exit) = await OnWorkerAsync("run status");

        Assert.Equal(0, exit);
        Assert.Equal(
            [
                "run        first (parity) in /runs/first",
                "stage      reinforcement learning",
                "step       4 of 150",
                "version    1.4",
                "reward     0.500, last evaluation 0.400",
                "staleness  1.5 versions",
                "tokens/s   1200 sampled, 800 trained",
                "queue      1 groups in flight, 3 waiting for a batch",
                $"trainer    {nodes.Coordinator}: computing step 5 for 2.0s",
                $"node       {nodes.Worker}: 1 groups, 8 of 64 slots, version 1.3",
                $"slowest    prompt-41-1/rollout-3: generating, turn 2 for 5.0s at {nodes.Worker}",
                "time       1m15s, about 6m40s left",
            ],
            Assert.Single(lines).Split('\n'));
        var status = Assert.Single(data);
        Assert.Equal("first", status.GetProperty("run").GetString());
        Assert.Equal((4, 150, 1), (status.GetProperty("step").GetInt32(), status.GetProperty("steps").GetInt32(), status.GetProperty("groups").GetInt32()));
        Assert.Equal(("1.4", 0.5, 1.5), (status.GetProperty("version").GetString(), status.GetProperty("reward").GetDouble(), status.GetProperty("staleness").GetDouble()));
        Assert.Equal("1.3", status.GetProperty("nodes")[0].GetProperty("version").GetString());
    }

    [Fact]
    public async Task Run_diagnose_asks_the_groups_where_they_live_and_exits_with_1_when_something_is_stuck()
    {
        nodes.Runs = _ => nodes.Activity;

        var moving = await OnWorkerAsync("run diagnose");
        var stuck = await OnWorkerAsync("run diagnose --limit 4s");

        Assert.Equal((0, 1), (moving.Exit, stuck.Exit));
        Assert.Equal($"moving: the slowest is prompt-41-1/rollout-3: generating, turn 2 for 5.0s, waits on engine, at {nodes.Worker}", moving.Lines[^1]);
        Assert.Equal($"STUCK: prompt-41-1/rollout-3: generating, turn 2 for 5.0s, waits on engine, at {nodes.Worker}", stuck.Lines[^1]);
        Assert.Contains(moving.Lines, l => Regex.IsMatch(l, $@"^prompt-41-1 +7 of 8 rollouts ended +rollouts +12\.0s +{Regex.Escape(nodes.Worker.ToString())}$"));
        Assert.True(stuck.Data[^1].GetProperty("stuck").GetBoolean());
    }

    [Fact]
    public async Task A_run_is_steered_by_messages_to_the_registry()
    {
        nodes.Runs = _ => nodes.Activity;

        Assert.Equal("first is paused at step 4, with 1 groups in flight", Assert.Single((await OnWorkerAsync("run pause")).Lines));
        Assert.Equal("first is resumed at step 4, with 1 groups in flight", Assert.Single((await OnWorkerAsync("run resume")).Lines));
        Assert.StartsWith("first writes a checkpoint and stops", Assert.Single((await OnWorkerAsync("run stop")).Lines), StringComparison.Ordinal);
        await OnWorkerAsync("run status");
        Assert.Contains("PauseRun { Reason = by pbm }", nodes.Asked);
        Assert.Contains("ResumeRun { }", nodes.Asked);
        Assert.Contains("StopRun { Reason = by pbm }", nodes.Asked);
    }

    [Fact]
    public async Task Runs_are_found_by_name()
    {
        nodes.Runs = ask => ask is GetRuns
            ? new RunList([new RunEntry("early", "i1", "/runs/early", RunStage.Finished), new RunEntry("first", "i2", "/runs/first", null)])
            : nodes.Activity;

        Assert.Equal(["RUN    STATE     DIRECTORY", "early  finished  /runs/early", "first  active    /runs/first"], (await OnWorkerAsync("run list")).Lines);
        Assert.Equal(0, (await OnWorkerAsync("run status first")).Exit);
        Assert.Equal("the run early is over", (await FailAsync("run status early")).Message);
        var wrong = await FailAsync("run diagnose frist");
        Assert.Equal(("there is no run frist", "Did you mean 'first'?"), (wrong.Message, wrong.Why));
    }

    [Fact]
    public async Task Without_a_run_lists_have_their_header_and_questions_fail()
    {
        nodes.Runs = _ => new NoRun("no run was started yet");

        Assert.Equal(["RUN  STATE  DIRECTORY"], (await OnWorkerAsync("run list")).Lines);
        Assert.Equal(["GROUP  ENVIRONMENT  STAGE  WAITS ON  AGE  NODE"], (await OnWorkerAsync("rollout list")).Lines);
        Assert.Equal(["ENVIRONMENT  VERSION  WEIGHT  STATE  PROMPTS  IN FLIGHT  HASH"], (await OnWorkerAsync("env list")).Lines);
        Assert.Equal("there is no run", (await FailAsync("run status")).Message);
        Assert.Equal("there is no run", (await FailAsync("trainer status")).Message);
    }

    [Fact]
    public async Task A_refusal_is_passed_on()
    {
        nodes.Runs = _ => new RunRefused("no package Clok", "Did you mean 'Clock'?", "Push it first.");

        var refused = await FailAsync("env inject Clok -w 0.3");

        Assert.Equal(("no package Clok", "Did you mean 'Clock'?", "Push it first."), (refused.Message, refused.Why, refused.Remedy));
    }

    [Fact]
    public async Task The_ledger_is_summed_up_and_its_lines_are_as_they_are()
    {
        nodes.Runs = _ => new LedgerView(2, new PolicyVersion(1, 4), 4, 84, new Dictionary<string, int> { ["trained"] = 64, ["waiting"] = 3, ["failed"] = 0 }, ["{\"seq\":9,\"event\":\"x\"}"]);

        var (lines, data, _) = await OnWorkerAsync("run ledger -n 1");

        Assert.Equal(["epoch 2, version 1.4, step 4, 84 prompts: 64 trained, 3 waiting", "{\"seq\":9,\"event\":\"x\"}"], lines);
        Assert.Equal(9, data[1].GetProperty("seq").GetInt32());
    }

    [Fact]
    public async Task Groups_are_listed_shown_and_followed()
    {
        var news = new GroupNews(7, DateTimeOffset.UnixEpoch, nodes.GroupOnWorker with { Number = 40 }, "parity", "accepted", 0.5, 321, TimeSpan.FromSeconds(3));
        nodes.Runs = ask => ask is GetGroupNews ? new GroupNewsList([news], 7) : nodes.Activity;

        Assert.Equal(
            ["GROUP        ENVIRONMENT  STAGE                  WAITS ON  AGE    NODE", $"prompt-41-1  parity       7 of 8 rollouts ended  rollouts  12.0s  {nodes.Worker}"],
            (await OnWorkerAsync("rollout list")).Lines);
        Assert.Contains((await OnWorkerAsync("rollout show prompt-41-1")).Lines, l => l.StartsWith("prompt-41-1/rollout-3  generating, turn 2     engine", StringComparison.Ordinal));
        var past = $"00:00:00 prompt-40-1 parity accepted, reward 0.500, 321 tokens, 3.0s, {nodes.WorkerIncarnation}";
        Assert.Equal([past], (await OnWorkerAsync("rollout show prompt-40-1")).Lines);
        Assert.Equal("the group prompt-1-1 is not in flight", (await FailAsync("rollout show prompt-1-1")).Message);
        await foreach (var line in Run(nodes.WorkerPalettes, "rollout tail", CancellationToken.None))
        {
            Assert.Equal(past, line.Text);
            break;
        }
    }

    [Fact]
    public async Task The_trainer_tells_its_work_and_metrics()
    {
        nodes.Runs = _ => nodes.Activity;

        var (lines, data, _) = await OnWorkerAsync("trainer status");

        Assert.Contains("work      computing step 5 for 2.0s", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Equal(0.25, data[0].GetProperty("metrics").GetProperty("loss").GetDouble());
    }

    [Fact]
    public async Task Weights_are_known_where_they_are_sampled_and_published()
    {
        // Pub-sub is a hint that needs a moment to spread: it is repeated until both nodes have heard it.
        var manifest = new ParameterManifest("run", new PolicyVersion(1, 5), new ContentHash(1, 2), new ContentRef(new NodeAddress("http://x"), "weights/1.5", 4096, new ContentHash(3, 4)));
        var publishing = nodes.CoordinatorSystem.Scheduler.ScheduleTellRepeatedlyCancelable(
            TimeSpan.Zero, TimeSpan.FromMilliseconds(50), DistributedPubSub.Get(nodes.CoordinatorSystem).Mediator, new Publish(ParameterBroadcaster.Topic, new WeightsAvailable(manifest, nodes.CoordinatorSystem.DeadLetters)), ActorRefs.NoSender);
        IReadOnlyList<string> history;
        do
        {
            history = (await OnWorkerAsync("weights history")).Lines;
        }
        while (history.Count < 2);

        publishing.Cancel();
        Assert.Matches(@"^1\.5      \d\d:\d\d:\d\d   4096   ", history[1]);
        var show = (await OnCoordinatorAsync("weights show")).Lines;
        Assert.StartsWith("newest 1.5, 4096 bytes", show[0], StringComparison.Ordinal);
        Assert.Contains($"{nodes.Worker}  rollout,verifier  1.3      2 behind", show);
    }

    [Fact]
    public async Task Environments_are_changed_by_the_registry_and_inspected_on_their_nodes()
    {
        nodes.Runs = ask => ask is GetRunEnvironments
            ? new EnvironmentList([new EnvironmentEntry("Clock", "1.0.0", "0123456789abcdef", "active", 0.3, 12, 2, null)])
            : new EnvironmentsChanged($"{ask}");

        Assert.Equal("Clock        1.0.0    0.3     active  12       2          0123456789ab", (await OnWorkerAsync("env list")).Lines[1]);
        Assert.Equal(["InjectEnvironment { Name = Clock, Version = 1.1.0, Weight =  }"], (await OnWorkerAsync("env inject Clock --version 1.1.0")).Lines);
        Assert.Equal(["WeightEnvironment { Name = Clock, Weight = 0.1 }"], (await OnWorkerAsync("env weight Clock 0.1")).Lines);
        Assert.Equal(["WithdrawEnvironment { Name = Clock }"], (await OnWorkerAsync("env withdraw Clock")).Lines);
        var process = Assert.Single((await OnCoordinatorAsync("env inspect Clock")).Data);
        Assert.Equal((nodes.Worker.ToString(), 4711), (process.GetProperty("node").GetString(), process.GetProperty("process").GetInt32()));
        Assert.Single((await OnCoordinatorAsync("env inspect Clik")).Lines);
    }

    [Fact]
    public async Task Devices_are_listed_with_their_engines()
    {
        var data = (await OnCoordinatorAsync("device list")).Data;

        Assert.Equal([nodes.Coordinator.ToString(), nodes.Worker.ToString()], data.Select(d => d.GetProperty("node").GetString()));
        Assert.Equal(("engine-0", 8, 1234L), (data[1].GetProperty("engine").GetString(), data[1].GetProperty("running").GetInt32(), data[1].GetProperty("statistics").GetProperty("sampled_tokens").GetInt64()));
        Assert.Equal(JsonValueKind.Null, data[0].GetProperty("engine").ValueKind);
    }

    private Task<(IReadOnlyList<string> Lines, IReadOnlyList<JsonElement> Data, int Exit)> OnWorkerAsync(string line) => ReadAsync(nodes.WorkerPalettes, line);

    private Task<(IReadOnlyList<string> Lines, IReadOnlyList<JsonElement> Data, int Exit)> OnCoordinatorAsync(string line) => ReadAsync(nodes.CoordinatorPalettes, line);

    private Task<CommandFailedException> FailAsync(string line) => Assert.ThrowsAsync<CommandFailedException>(() => OnWorkerAsync(line));

    private static async Task<(IReadOnlyList<string> Lines, IReadOnlyList<JsonElement> Data, int Exit)> ReadAsync(PaletteRegistry palettes, string line)
    {
        var responses = new List<CommandResponse>();
        await foreach (var response in Run(palettes, line, CancellationToken.None))
        {
            responses.Add(response);
        }

        return (
            [.. responses.Select(r => r.Text).OfType<string>()],
            [.. responses.Select(r => r.Data).OfType<object>().Select(d => JsonSerializer.SerializeToElement(d, Snake))],
            responses.Select(r => r.Exit).LastOrDefault(e => e != 0));
    }

    private static IAsyncEnumerable<CommandResponse> Run(PaletteRegistry palettes, string line, CancellationToken cancellation) =>
        line.Split(' ') is [var palette, var command, .. var arguments] ? palettes.Run(palette, palettes.Parse(palette, command, arguments), cancellation) : throw new ArgumentException(line);
}
