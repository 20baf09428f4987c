using System.Globalization;
using System.Text;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Samples;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Traces;
using Intellect3.Model.Inference;

namespace Intellect3.Actors.Rollouts;

/// <summary>What the episodes of a group come down to: summaries for the coordinator and a payload for the trainer. Pure.</summary>
public static class GroupAssembly
{
    /// <summary>Fewer good rollouts than this give a group of training nothing to compare.</summary>
    private const int FewestForTraining = 2;

    /// <summary>Why the group failed as a whole, or null when enough of its episodes ended well.</summary>
    public static string? Failure(GroupPurpose purpose, IReadOnlyList<EpisodeEnded> episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        var good = episodes.Count(e => e.Trace.Reward is not null);
        return purpose == GroupPurpose.Evaluation || good >= Math.Min(FewestForTraining, episodes.Count)
            ? null
            : $"{episodes.Count - good} of {episodes.Count} episodes failed, the first: {episodes.Select(e => ErrorOf(e.Trace)).First(e => e is not null)}";
    }

    public static RolloutSummary Summarise(Trace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var spans = trace.Nodes.SelectMany(n => n.Versions).ToList();
        var lineage = spans.Count == 0 ? 0 : spans.Max(s => s.Lineage);
        return new RolloutSummary(
            trace.Reward,
            trace.Metrics.TryGetValue("success", out var success) ? success : null,
            trace.Nodes.Where(n => n.Sampled).Sum(n => n.TokenIds.Count),
            trace.Nodes.Sum(n => n.TokenIds.Count),
            trace.Nodes.Count(n => n.Sampled),
            lineage,
            spans.Exists(s => s.Lineage < lineage) ? -1 : spans.Select(s => s.Version).DefaultIfEmpty(0).Min(),
            spans.Where(s => s.Lineage == lineage).Select(s => s.Version).DefaultIfEmpty(0).Max(),
            ErrorOf(trace));
    }

    public static GroupPayload Payload(StartGroup start, EnvironmentKey environment, IReadOnlyList<EpisodeEnded> episodes)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(environment);
        return new GroupPayload(start.Id.Number.ToString(CultureInfo.InvariantCulture), start.Id.Attempt, [.. episodes.Select(episode => new RolloutPayload(
            episode.Rollout,
            episode.Trace.Reward,
            start.Temperature,
            episode.Trace.Reward is null ? [] : [.. episode.Trace.Branches().Select(Branch)],
            Encoding.UTF8.GetBytes(new EpisodeLine
            {
                Env = environment.Name,
                EnvVersion = environment.Version,
                EnvHash = environment.Hash,
                Task = episode.TaskKey,
                Group = start.Id.Number,
                Attempt = start.Id.Attempt,
                Rollout = episode.Rollout,
                Trace = episode.Trace,
            }.Write())))]);
    }

    private static string? ErrorOf(Trace trace) =>
        trace.Errors.Count > 0 ? $"{trace.Errors[0].Boundary} {trace.Errors[0].Source}: {trace.Errors[0].Message}"
        : trace.Reward is null ? "no reward was computed"
        : null;

    /// <summary>A branch as one sequence. A sampled token that two branches share is trained in the first alone, which needs forks; episodes have none today.</summary>
    private static BranchPayload Branch(IReadOnlyList<MessageNode> nodes) => new(
        [.. nodes.SelectMany(n => n.TokenIds)],
        [.. nodes.SelectMany(n => n.Sampled ? n.Mask : Enumerable.Repeat(false, n.TokenIds.Count))],
        [.. nodes.SelectMany(n => n.Sampled ? n.LogProbabilities : Enumerable.Repeat(0f, n.TokenIds.Count))],
        Merge(nodes.SelectMany(n => n.Versions)));

    /// <summary>Neighbouring runs of one version as one.</summary>
    private static List<VersionRun> Merge(IEnumerable<PolicySpan> spans)
    {
        var runs = new List<VersionRun>();
        foreach (var span in spans)
        {
            var version = new PolicyVersion(span.Lineage, span.Version);
            if (runs.Count > 0 && runs[^1].Version == version)
            {
                runs[^1] = runs[^1] with { Count = runs[^1].Count + span.Count };
            }
            else
            {
                runs.Add(new VersionRun(version, span.Count));
            }
        }

        return runs;
    }
}
