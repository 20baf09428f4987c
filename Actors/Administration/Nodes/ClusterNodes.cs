using Akka.Actor;
using Akka.Cluster;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Messages;

namespace Intellect3.Actors.Administration.Nodes;

/// <summary>The nodes of the cluster, as this one sees them, and questions to their administrators. Any thread.</summary>
public sealed class ClusterNodes(ActorSystem system)
{
    /// <summary>How long another node may take.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    private readonly Cluster _cluster = Cluster.Get(system);

    public ActorSystem System => system;

    public Address Self => _cluster.SelfAddress;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Member> Members => [.. _cluster.State.Members.OrderBy(m => m, Member.AgeOrdering)];

    public bool IsReachable(Member member) => _cluster.State.Unreachable.All(u => u.UniqueAddress != member.UniqueAddress);

    /// <summary>Asks every node at once; those that do not answer say why not.</summary>
    public async Task<IReadOnlyList<NodeAnswer<T>>> AskAllAsync<T>(IAdministrationMessage question, CancellationToken cancellation)
        where T : class, IAdministrationMessage =>
        await Task.WhenAll(Members.Select(m => AskAsync<T>(m, question, cancellation)));

    /// <summary>Asks one node.</summary>
    public async Task<NodeAnswer<T>> AskAsync<T>(Member member, IAdministrationMessage question, CancellationToken cancellation)
        where T : class, IAdministrationMessage
    {
        ArgumentNullException.ThrowIfNull(member);
        if (!IsReachable(member))
        {
            return new NodeAnswer<T>(member, null, "unreachable");
        }

        try
        {
            var administrator = system.ActorSelection(new RootActorPath(member.Address) / "user" / NodeAdministrator.ActorName);
            return await administrator.Ask<IAdministrationMessage>(question, Deadline, cancellation) switch
            {
                T answer => new NodeAnswer<T>(member, answer, null),
                AdministrationFailed failed => new NodeAnswer<T>(member, null, failed.Reason),
                var other => new NodeAnswer<T>(member, null, $"answered {other.GetType().Name}"),
            };
        }
        catch (AskTimeoutException)
        {
            return new NodeAnswer<T>(member, null, $"no answer within {Deadline.TotalSeconds:0} s");
        }
    }

    /// <summary>The member at an address: whole as <c>cluster show</c> prints it, or <c>host:port</c>.</summary>
    /// <exception cref="CommandFailedException">There is none.</exception>
    public Member Find(string address) => Members.FirstOrDefault(m => m.Address.ToString() == address || $"{m.Address.Host}:{m.Address.Port}" == address)
        ?? throw new CommandFailedException($"{address} is no node of this cluster", $"Nodes: {string.Join(", ", Members.Select(m => m.Address))}.", "Give one of these addresses, whole or as HOST:PORT.");
}
