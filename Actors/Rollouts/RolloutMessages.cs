using Akka.Actor;
using Akka.Event;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;

namespace Intellect3.Actors.Rollouts;

/// <summary>From a rollout to its group: the episode has ended, well or not.</summary>
/// <param name="Rollout">Its place in the group.</param>
/// <param name="TaskKey">The task's name.</param>
/// <param name="Trace">Scored, unless it failed.</param>
public sealed record EpisodeEnded(int Rollout, string TaskKey, Trace Trace) : INoSerializationVerificationNeeded;

/// <summary>From a rollout to its group: nobody's own fault kept it from ending (its engine died, the queue was full); the attempt is lost.</summary>
public sealed record EpisodeLost(int Rollout, string Reason) : INoSerializationVerificationNeeded;

/// <summary>Within a node, to a group: how are you getting on? Answered by <see cref="Messages.GroupStatus"/>; a group that was never started answers nothing.</summary>
public sealed record GetGroupStatus : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Within a node, to a rollout: the same. Answered by <see cref="Messages.RolloutStatus"/>.</summary>
public sealed record GetRolloutStatus : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>Within a node: score this trace. Answered by <see cref="TraceScored"/>; the trace is the verifier's until then.</summary>
public sealed record ScoreTrace(IEnvironment Environment, TaskData Task, Trace Trace) : INoSerializationVerificationNeeded;

/// <summary>The trace has its rewards, or an error of boundary verifier.</summary>
/// <param name="Trace">The same trace; a copy when a verifier had to be abandoned with the original.</param>
public sealed record TraceScored(Trace Trace) : INoSerializationVerificationNeeded;
