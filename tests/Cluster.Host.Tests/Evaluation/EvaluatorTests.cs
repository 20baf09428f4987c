using Intellect3.Cluster.Host.Evaluation;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Model.Inference;

namespace Intellect3.Cluster.Host.Tests.Evaluation;

public sealed class EvaluatorTests
{
    private static readonly CharacterRenderer Renderer = new();

    [Fact]
    public async Task Attempts_are_averaged_and_counted()
    {
        // Rollout 0 of every task is right, rollout 1 of every even task, the rest wrong.
        var engine = new ScriptedEngine(request => Say(request.Key.Rollout == 0 || (request.Key.Rollout == 1 && request.Key.Prompt % 2 == 0) ? "yes" : "no"));
        Assert.Equal(new EvaluationReport("echo", 4, 4, 6 / 16.0, 1, 0), await EvaluateAsync(new EchoTaskset(), engine, n: 4, k: 4));
        Assert.Equal(16, engine.Seen.Select(request => request.Key).Distinct().Count());
        Assert.All(engine.Seen, request => Assert.Equal((9UL, "?"), (request.Key.RunSeed, Renderer.Decode(request.PromptIds.ToArray()))));
    }

    [Fact]
    public async Task Failed_attempts_have_no_reward_but_are_told()
    {
        var engine = new ScriptedEngine(request => Say(request.Key.Rollout == 0 ? "yes" : "throw"));
        Assert.Equal(new EvaluationReport("echo", 3, 2, 1, null, 3), await EvaluateAsync(new EchoTaskset(), engine, n: 3, k: 2));
    }

    [Fact]
    public async Task Turns_go_on_from_the_very_tokens_before()
    {
        var engine = new ScriptedEngine(request => request.PromptIds.Length < 8 ? Say("a") : Say("yes"));
        Assert.Equal(new EvaluationReport("turns", 2, 1, 1, 1, 0), await EvaluateAsync(new TurnsTaskset(), engine, n: 2, k: 1));
        var first = engine.Seen.Where(request => request.Key.Prompt == 0).Select(request => request.PromptIds.ToArray()).ToList();
        Assert.Equal([[0, '?'], [0, '?', 'a', 1, 'm', 'o', 'r', 'e']], first);
    }

    [Fact]
    public async Task What_the_engine_cannot_serve_is_an_error_of_the_attempt()
    {
        var engine = new ScriptedEngine(_ => Say(new string('a', 70)));
        Assert.Equal(new EvaluationReport("turns", 1, 1, null, null, 1), await EvaluateAsync(new TurnsTaskset(), engine, n: 1, k: 1));
    }

    private static int[] Say(string text) => [.. Renderer.Encode(text), CharacterRenderer.EndOfTurn];

    private static Task<EvaluationReport> EvaluateAsync(Taskset taskset, ScriptedEngine engine, int n, int k)
    {
        var player = new EpisodePlayer(engine, Renderer, new LocalEnvironment(taskset), SamplingParameters.Default, seed: 9);
        return Evaluator.RunAsync(taskset, episodes => Task.FromResult(player.Play(episodes, CancellationToken.None)), n, k, CancellationToken.None);
    }

    private sealed class EchoTaskset : Taskset
    {
        public override string Name => "echo";

        public override int? HeldOutCount => 100;

        public override TaskData GetTask(TaskSplit split, long index) => new() { Key = TaskData.KeyOf(split, index), Prompt = [Message.User("?")] };

        [Reward]
        public static double Yes(Trace trace) => trace.Completion == "throw" ? throw new InvalidOperationException("thrown") : trace.Completion == "yes" ? 1 : 0;
    }

    private sealed class TurnsTaskset : Taskset
    {
        public override string Name => "turns";

        public override int? HeldOutCount => 100;

        public override EpisodeLimits Limits { get; } = new(MaxTurns: 3, MaxTokens: 100, StopSequences: []);

        public override TaskData GetTask(TaskSplit split, long index) => new() { Key = TaskData.KeyOf(split, index), Prompt = [Message.User("?")] };

        public override Message? Respond(TaskData task, Trace trace) => trace.Completion.EndsWith("yes", StringComparison.Ordinal) ? null : Message.User("more");

        [Reward]
        public static double Yes(Trace trace) => trace.Completion == "ayes" ? 1 : 0;
    }
}
