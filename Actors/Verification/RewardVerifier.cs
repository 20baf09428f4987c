using Akka.Actor;
using Intellect3.Actors.Rollouts;
using Intellect3.Environments.Traces;

namespace Intellect3.Actors.Verification;

/// <summary>Scores one trace at a time on a thread of its own (a pinned dispatcher), and asks its pool for the next. What a scorer does wrong is on the trace.</summary>
public sealed class RewardVerifier : ReceiveActor
{
    public RewardVerifier(TimeSpan deadline)
    {
        ReceiveAsync<ScoreTrace>(async score =>
        {
            var (pool, requester) = (Context.Parent, Sender);
            using var timeout = new CancellationTokenSource(deadline);
            try
            {
                await score.Environment.ScoreAsync(score.Task, score.Trace, timeout.Token);
            }
            catch (Exception exception)
            {
                score.Trace.Fail(TraceError.From(Boundary.Verifier, score.Environment.Key.Name, exception));
            }

            pool.Tell(new VerifierIdle(), Self);
            requester.Tell(new TraceScored(score.Trace));
        });
    }

    /// <param name="deadline">After which an asynchronous scorer is cancelled.</param>
    public static Props Props(TimeSpan deadline) => Akka.Actor.Props.Create(() => new RewardVerifier(deadline)).WithDispatcher(VerifierPool.Dispatcher);
}

/// <summary>From a verifier to its pool: it can take work.</summary>
public sealed record VerifierIdle : INoSerializationVerificationNeeded;
