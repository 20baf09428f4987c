using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Samples;
using Intellect3.Model.Training;
using Intellect3.Model.Training.Advantages;

namespace Intellect3.Actors.Training;

/// <summary>Payloads to a training batch: advantages within each group, one sequence a branch, in order of group, rollout and branch. Pure.</summary>
public static class BatchBuilder
{
    /// <summary>Rollouts that failed are left out of the mean; so are, from the batch, sequences without advantage: prime-rl drops them from the KL term and the token count too (filter_zero_advantages).</summary>
    public static TrainingBatch Build(IReadOnlyList<GroupPayload> groups, string advantage)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var sequences = new List<TrainingSequence>();
        foreach (var group in groups)
        {
            var rollouts = group.Rollouts.Where(r => r.Reward is not null).ToList();
            var advantages = GroupAdvantages.Of(advantage, [.. rollouts.Select(r => r.Reward!.Value)]);
            foreach (var (rollout, value) in rollouts.Zip(advantages).Where(pair => pair.Second != 0))
            {
                sequences.AddRange(rollout.Branches.Select((branch, i) => new TrainingSequence
                {
                    Key = $"{group.Group}/{group.Attempt}/{rollout.Rollout}/{i}",
                    TokenIds = branch.TokenIds,
                    Mask = branch.Mask,
                    InferenceLogProbabilities = branch.LogProbabilities,
                    Advantage = value,
                    Temperature = rollout.Temperature,
                }));
            }
        }

        return new TrainingBatch(BatchKind.Reinforcement, sequences);
    }

    /// <summary>What <c>trained.jsonl</c> says of a group: XxHash128 over the little-endian token ids of all its branches, in order, as 32 hex digits.</summary>
    public static TrainedGroup Record(GroupPayload group)
    {
        ArgumentNullException.ThrowIfNull(group);
        var hash = new XxHash128();
        foreach (var branch in group.Rollouts.SelectMany(r => r.Branches))
        {
            hash.Append(MemoryMarshal.AsBytes<int>([.. branch.TokenIds]));
        }

        return new TrainedGroup(long.Parse(group.Group, CultureInfo.InvariantCulture), group.Attempt, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    /// <summary>Share of the sequences that hold tokens of two or more versions.</summary>
    public static double MixedVersionShare(IReadOnlyList<GroupPayload> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        var branches = groups.SelectMany(g => g.Rollouts).SelectMany(r => r.Branches).ToList();
        return branches.Count == 0 ? 0 : (double)branches.Count(b => b.Versions.Count > 1) / branches.Count;
    }
}
