using Akka.Actor;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Diagnosis;
using Intellect3.Actors.Messages;
using Intellect3.Environments;

namespace Intellect3.Actors.Administration.Nodes;

/// <summary>Questions about the run to talk about: the active one, else the last. Any thread.</summary>
/// <param name="runs">The registry, or what leads to it.</param>
/// <param name="nodes">The cluster.</param>
public sealed class ActiveRun(IActorRef runs, ClusterNodes nodes)
{
    /// <summary>How long the registry or the coordinator may take.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>How long nodes may take to install a package.</summary>
    public static readonly TimeSpan InstallDeadline = TimeSpan.FromSeconds(180);

    /// <summary>Groups in one question: every rollout of theirs is in the answer, which must stay small.</summary>
    private const int GroupsPerQuestion = 8;

    /// <summary>Asks; null when there is no run.</summary>
    /// <exception cref="CommandFailedException">It was refused, or nobody answered.</exception>
    public async Task<T?> AskIfAnyAsync<T>(IRunMessage question, CancellationToken cancellation, TimeSpan? deadline = null)
        where T : class
    {
        try
        {
            return await runs.Ask<object>(question, deadline ?? Deadline, cancellation) switch
            {
                T answer => answer,
                NoRun => null,
                RunRefused refused => throw new CommandFailedException(refused.What, refused.Why, refused.Remedy),
                var other => throw new CommandFailedException("the question was not understood", $"The coordinator answered {other.GetType().Name}.", "Do all nodes run the same version? `cluster show` lists them."),
            };
        }
        catch (AskTimeoutException)
        {
            throw new CommandFailedException($"no answer within {(deadline ?? Deadline).TotalSeconds:0} s", "No node with the role coordinator answers.", "`cluster show` says which nodes are there; `log peek --level warning` what they say.");
        }
    }

    /// <summary>Asks about the run.</summary>
    /// <param name="name">Which; null for the active one, else the last.</param>
    /// <exception cref="CommandFailedException">There is none, it is another, it was refused, or nobody answered.</exception>
    public async Task<T> AskAsync<T>(IRunMessage question, string? name, CancellationToken cancellation, TimeSpan? deadline = null)
        where T : class
    {
        await CheckAsync(name, cancellation);
        return await AskIfAnyAsync<T>(question, cancellation, deadline)
            ?? throw new CommandFailedException("there is no run", "None was started since the cluster began.", "Start one: intellect3 submit parity --to HOST:PORT");
    }

    /// <summary>Tells the run something that it does not answer.</summary>
    public async Task TellAsync(IRunMessage message, string? name, CancellationToken cancellation)
    {
        await CheckAsync(name, cancellation);
        runs.Tell(message);
    }

    /// <summary>Finds out what every group of a run is doing, where it lives, and judges it.</summary>
    public async Task<RunDiagnosis> DiagnoseAsync(RunActivity run, TimeSpan limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        var members = nodes.Members.ToDictionary(m => m.Address.ToString(), StringComparer.Ordinal);
        var addresses = run.Nodes.ToDictionary(n => n.Incarnation, n => n.Node, StringComparer.Ordinal);
        var answers = await Task.WhenAll(run.Groups
            .Select(g => g.Id)
            .GroupBy(id => addresses.GetValueOrDefault(id.Shard, ""), StringComparer.Ordinal)
            .Where(g => members.ContainsKey(g.Key))
            .SelectMany(g => g.Chunk(GroupsPerQuestion).Select(ids => nodes.AskAsync<GroupStatuses>(members[g.Key], new GetGroupStatuses(ids), cancellation))));
        var groups = answers.SelectMany(a => a.Answer?.Groups ?? []).ToList();
        return RunDiagnosis.Of(
            await WithoutEndedAsync(run, groups, cancellation),
            groups,
            answers.Where(a => a.Problem is not null).GroupBy(a => a.Node.Address.ToString(), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Problem!, StringComparer.Ordinal),
            limit);
    }

    /// <summary>A group that no node knows may have ended since the run was asked: only those that are still in flight are left.</summary>
    private async Task<RunActivity> WithoutEndedAsync(RunActivity run, List<GroupStatus> known, CancellationToken cancellation)
    {
        var unknown = run.Groups.Select(g => g.Id).Except(known.Select(g => g.Id)).ToHashSet();
        if (unknown.Count == 0 || await AskIfAnyAsync<RunActivity>(new GetRunActivity(), cancellation) is not { } now)
        {
            return run;
        }

        unknown.ExceptWith(now.Groups.Select(g => g.Id));
        return run with { Groups = [.. run.Groups.Where(g => !unknown.Contains(g.Id))] };
    }

    private async Task CheckAsync(string? name, CancellationToken cancellation)
    {
        if (name is null)
        {
            return;
        }

        var entries = (await AskIfAnyAsync<RunList>(new GetRuns(), cancellation))?.Runs ?? [];
        if (entries is [.., var last] && last.Name == name)
        {
            return;
        }

        throw entries.Any(e => e.Name == name)
            ? new CommandFailedException($"the run {name} is over", $"Only the active run, or the last one, answers: {entries[^1].Name}.", $"Look into its directory: {entries.Last(e => e.Name == name).Directory}")
            : new CommandFailedException($"there is no run {name}", NearestName.Of(name, entries.Select(e => e.Name)) is { } near ? $"Did you mean '{near}'?" : "", "`run list` lists them.");
    }
}
