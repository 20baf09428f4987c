using Intellect3.Environments.Episodes;
using Intellect3.Environments.Tasks;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Rollouts;

/// <summary>What a rollout is to do.</summary>
/// <param name="Rollout">Its place in the group.</param>
/// <param name="Environment">Whose task it is.</param>
/// <param name="Split">Which half of its tasks.</param>
/// <param name="TaskIndex">The task.</param>
/// <param name="Sampling">How tokens are drawn.</param>
/// <param name="Key">Its random stream.</param>
public sealed record EpisodeRequest(int Rollout, IEnvironment Environment, TaskSplit Split, long TaskIndex, SamplingParameters Sampling, SamplingKey Key);
