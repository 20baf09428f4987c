using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Verification;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Actors.Tests.Injection;

/// <summary>An environment in another process needs no verifier of the node.</summary>
public sealed class IsolatedScoringTests : TestKit
{
    public IsolatedScoringTests()
        : base(ConfigurationFactory.ParseString($"{VerifierPool.Dispatcher}.type = PinnedDispatcher").WithFallback(TestHocon.Strict))
    {
    }

    [Fact]
    public async Task One_that_takes_its_time_keeps_nobody_waiting()
    {
        var pool = Sys.ActorOf(VerifierPool.Props(1, TimeSpan.FromSeconds(30), 4));
        var (slow, task, parity) = (new Slow(), new TaskData { Key = "t", Prompt = [] }, new LocalEnvironment(TasksetRegistry.BuiltIn.Get("parity")));
        var (slowTrace, trace) = (new Trace(), new Trace());
        pool.Tell(new ScoreTrace(slow, task, slowTrace), TestActor);
        pool.Tell(new ScoreTrace(slow, task, new Trace()), TestActor);
        pool.Tell(new ScoreTrace(parity, task, trace), TestActor);
        Assert.Same(trace, (await ExpectMsgAsync<TraceScored>(TimeSpan.FromSeconds(20))).Trace);

        slow.Answer.SetException(new InvalidOperationException("gone"));
        var failed = (await ExpectMsgAsync<TraceScored>(TimeSpan.FromSeconds(20))).Trace;
        Assert.Equal(new TraceError(Boundary.Verifier, "slow", "InvalidOperationException: gone"), Assert.Single(failed.Errors));
    }

    private sealed class Slow : IEnvironment
    {
        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EnvironmentKey Key { get; } = new("slow", "1.0.0", "00");

        public EpisodeLimits Limits => EpisodeLimits.SingleTurn;

        public bool IsIsolated => true;

        public ValueTask<TaskData> GetTaskAsync(TaskSplit split, long index, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<TurnOutcome> AfterTurnAsync(TaskData task, Trace trace, bool mayReply, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask ScoreAsync(TaskData task, Trace trace, CancellationToken cancellation) => new(Answer.Task);

        public ValueTask<IReadOnlyList<string>?> SolveAsync(TaskData task, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
