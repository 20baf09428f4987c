using Akka.Actor;
using Akka.Event;
using Intellect3.Actors.Rollouts;
using Intellect3.Environments.Traces;

namespace Intellect3.Actors.Verification;

/// <summary>
/// The verifiers of a node. Work waits here and goes to a verifier that is idle. One that is not back by its deadline plus a grace is given up and replaced:
/// .NET cannot stop code that hangs, so its thread is abandoned with it.
/// </summary>
public sealed class VerifierPool : ReceiveActor, IWithTimers
{
    /// <summary>The pinned dispatcher of verifiers, in the node's HOCON.</summary>
    public const string Dispatcher = "intellect3.verifier-dispatcher";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _deadline;
    private readonly int _capacity;
    private readonly Queue<Pending> _waiting = new();
    private readonly Dictionary<IActorRef, Pending> _busy = [];
    private readonly Stack<IActorRef> _idle = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _made;

    public VerifierPool(int verifiers, TimeSpan deadline, int capacity)
    {
        (_deadline, _capacity) = (deadline, capacity);
        Receive<ScoreTrace>(Take);
        Receive<VerifierIdle>(_ => Release(Sender));
        Receive<GiveUp>(Abandon);
        Receive<Terminated>(dead => Replace(dead.ActorRef, "the verifier died"));
        for (var i = 0; i < verifiers; i++)
        {
            _idle.Push(Make());
        }
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="verifiers">Scorings at once.</param>
    /// <param name="deadline">Of one scoring.</param>
    /// <param name="capacity">Traces that may wait; more fail with a typed error.</param>
    public static Props Props(int verifiers, TimeSpan deadline, int capacity) => Akka.Actor.Props.Create(() => new VerifierPool(verifiers, deadline, capacity));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Take(ScoreTrace score)
    {
        if (score.Environment.IsIsolated)
        {
            ScoreElsewhereAsync(score).PipeTo(Sender, Self);
            return;
        }

        if (_waiting.Count >= _capacity)
        {
            Fail(new Pending(score, Sender), $"{_capacity} traces wait to be scored already");
            return;
        }

        _waiting.Enqueue(new Pending(score, Sender));
        HandOut();
    }

    /// <summary>A child process needs no verifier, and bounds its calls itself: nothing it does can keep the traces of others waiting.</summary>
    private static async Task<TraceScored> ScoreElsewhereAsync(ScoreTrace score)
    {
        try
        {
            await score.Environment.ScoreAsync(score.Task, score.Trace, CancellationToken.None);
        }
        catch (Exception exception)
        {
            score.Trace.Fail(TraceError.From(Boundary.Verifier, score.Environment.Key.Name, exception));
        }

        return new TraceScored(score.Trace);
    }

    private void HandOut()
    {
        while (_waiting.Count > 0 && _idle.TryPop(out var verifier))
        {
            var pending = _waiting.Dequeue();
            _busy[verifier] = pending;
            Timers.StartSingleTimer(verifier, new GiveUp(verifier), _deadline + Grace);
            verifier.Tell(pending.Score, pending.Requester);
        }
    }

    private void Release(IActorRef verifier)
    {
        if (_busy.Remove(verifier))
        {
            Timers.Cancel(verifier);
            _idle.Push(verifier);
            HandOut();
        }
    }

    private void Abandon(GiveUp giveUp)
    {
        Context.Unwatch(giveUp.Verifier);
        Context.Stop(giveUp.Verifier);
        Replace(giveUp.Verifier, $"a scorer was not done within {_deadline.TotalSeconds:0.#} s and does not stop");
    }

    private void Replace(IActorRef verifier, string reason)
    {
        Timers.Cancel(verifier);
        if (_busy.Remove(verifier, out var pending))
        {
            _log.Warning("A scoring of {0} was given up: {1}", pending.Score.Environment.Key.Name, reason);
            Fail(pending, reason);
        }

        _idle.Push(Make());
        HandOut();
    }

    /// <summary>Answers with a copy: the abandoned scorer may still write to the original.</summary>
    private void Fail(Pending pending, string reason)
    {
        var copy = new Trace { StopCondition = pending.Score.Trace.StopCondition };
        foreach (var node in pending.Score.Trace.Nodes)
        {
            copy.Add(node);
        }

        copy.Fail(new TraceError(Boundary.Verifier, pending.Score.Environment.Key.Name, reason));
        pending.Requester.Tell(new TraceScored(copy), Self);
    }

    private IActorRef Make() => Context.Watch(Context.ActorOf(RewardVerifier.Props(_deadline), $"verifier-{++_made}"));

    private sealed record Pending(ScoreTrace Score, IActorRef Requester);

    private sealed record GiveUp(IActorRef Verifier) : INoSerializationVerificationNeeded;
}
