using Intellect3.Actors.Administration;
using Intellect3.Actors.Messages;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Tests.Administration;

/// <summary>A run as its coordinator would describe it.</summary>
internal static class TestRuns
{
    public static RunStatus Status(RunStage stage) => new()
    {
        Run = "first",
        Recipe = "parity",
        Stage = stage,
        Step = 4,
        Steps = 150,
        Version = new PolicyVersion(1, 4),
        RewardHistory = [0.25, 0.5],
        EvaluationReward = 0.4,
        Staleness = 1.5,
        SampledTokensPerSecond = 1200,
        TrainedTokensPerSecond = 800,
        GroupsInFlight = 1,
        GroupsWaiting = 3,
        Elapsed = TimeSpan.FromSeconds(75),
        Remaining = TimeSpan.FromSeconds(400),
    };

    public static RunActivity Activity(IReadOnlyList<GroupActivity> groups, IReadOnlyList<NodeActivity> nodes) => new()
    {
        Status = Status(RunStage.Reinforcement),
        Directory = "/runs/first",
        IsPaused = false,
        Step = 4,
        Steps = 150,
        Quiet = TimeSpan.FromSeconds(1),
        Trainer = new TrainerActivity(nodes.Count > 0 ? nodes[0].Node : null, "computing step 5", TimeSpan.FromSeconds(2), 4, new Dictionary<string, double> { ["loss"] = 0.25 }),
        Nodes = nodes,
        Groups = groups,
        Prompts = new Dictionary<string, int> { ["inflight"] = 1, ["waiting"] = 3, ["batched"] = 16, ["trained"] = 64 },
    };
}
