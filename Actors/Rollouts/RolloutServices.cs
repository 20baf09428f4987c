using Akka.Actor;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Samples;

namespace Intellect3.Actors.Rollouts;

/// <summary>What the groups of a rollout node work with: the node's engines, verifiers, environments and sample store, and the run's context.</summary>
public sealed record RolloutServices(PolicyContext Context, EnvironmentCatalog Environments, IActorRef Engines, IActorRef Verifiers, IActorRef Receiver, SampleStore Samples);
