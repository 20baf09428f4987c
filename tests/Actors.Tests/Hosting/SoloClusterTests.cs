using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Ledger;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Serialization;
using Microsoft.Extensions.Logging;

namespace Intellect3.Actors.Tests.Hosting;

/// <summary>A whole small run in this process, with every message serialised.</summary>
public sealed class SoloClusterTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("intellect3-solo-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_run_through_the_real_actors_finishes_and_its_ledger_is_proven(int targetLag)
    {
        var status = await RunAsync(targetLag);

        Assert.Null(status.Failure);
        Assert.Equal(RunStage.Finished, status.Stage);
        Assert.Equal(3, status.Step);
        var report = LedgerChecker.Check(_directory);
        Assert.True(report.IsProven, string.Join("\n", report.Problems));
        Assert.True(report.HasEnded);
        Assert.InRange(WireSerializer.LargestMessageBytes, 1, WireSerializer.MaxMessageBytes);
    }

    internal static RunSettings Settings(int targetLag) => new()
    {
        Recipe = "test",
        Seed = 3,
        Steps = 3,
        Model = new ModelSettings { HiddenSize = 48, Layers = 1, IntermediateSize = 96, AttentionHeads = 2, KeyValueHeads = 2, HeadDimension = 24, MaxPositions = 96 },
        Environments = [new EnvironmentSettings("guess", 1)],
        Warmup = new WarmupSettings { MaxSteps = 25, LearningRate = 5e-3, BatchSize = 48, ProbeFrom = 10, ProbeInterval = 10, ProbeTasks = 16 },
        Rollout = new RolloutSettings { GroupsPerBatch = 3, GroupSize = 4, CacheTokens = 8192 },
        Trainer = new TrainerSettings { TargetLag = targetLag },
        Evaluation = new EvaluationSettings { Tasks = 8, Interval = 1, OnlineTasks = 8 },
        Checkpoint = new CheckpointSettings { Interval = 10 },
    };

    private async Task<RunStatus> RunAsync(int targetLag)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var library = new TestRunLibrary(Settings(targetLag));
        await using var cluster = await SoloCluster.StartAsync(library, new SubmitRun("test", _directory, ""), LogLevel.Error, deadline.Token, TestHocon.StrictCluster);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(deadline.Token))
        {
            var status = await cluster.StatusAsync();
            if (status.Stage is RunStage.Finished or RunStage.Failed)
            {
                return status;
            }
        }

        throw new TimeoutException("the run did not end");
    }
}
