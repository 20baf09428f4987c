using Intellect3.Actors.Administration.Commands;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Messages;
using Address = Akka.Actor.Address;
using ActorPath = Akka.Actor.ActorPath;

namespace Intellect3.Actors.Administration.Palettes;

/// <summary><c>actor</c>: the actor system and its actors, on any node.</summary>
public sealed class ActorPalette : PaletteHandler
{
    private const int DefaultDepth = 4;

    private readonly ClusterNodes _nodes;

    public ActorPalette(ClusterNodes nodes)
        : base("actor", "Actor systems and their actors")
    {
        _nodes = nodes;
        Process(new CommandDefinition("system", "Name of the actor system."), (_, _) => Task.FromResult<IEnumerable<CommandResponse>>(
            [new CommandResponse($"akka://{nodes.System.Name}", new { System = nodes.System.Name, Address = nodes.Self.ToString(), UptimeSeconds = Ages.Seconds(nodes.System.Uptime) })]));
        Process(
            new CommandDefinition(
                "hierarchy",
                "Actors below a path, parents first.",
                new ArgumentDefinition("depth", $"levels below the path; {DefaultDepth} unless given") { Switches = ["-d", "--depth"], Kind = ArgumentKind.Count },
                new ArgumentDefinition("path", "where to start; with an address it may be on another node, as akka.tcp://intellect3@HOST:PORT/user") { Switches = ["-s", "--start"], Suggestions = ["/user", "/system"] }),
            HierarchyAsync);
    }

    private async Task<IEnumerable<CommandResponse>> HierarchyAsync(CommandCall call, CancellationToken cancellation)
    {
        var start = call.Text("path") ?? "/user";
        var (address, path) = ActorPath.TryParse(start, out var parsed) && parsed.Address.HasGlobalScope ? (parsed.Address, "/" + string.Join('/', parsed.Elements)) : (null as Address, start);
        var node = address is null ? _nodes.Find(_nodes.Self.ToString()) : _nodes.Find(address.ToString());
        var answer = await _nodes.AskAsync<ActorPaths>(node, new GetActorPaths(path, call.Count("depth", DefaultDepth)), cancellation);
        if (answer.Answer is not { } actors)
        {
            throw new CommandFailedException($"{node.Address}: {answer.Problem}", "", "`actor hierarchy -d 1 -s /` lists the roots.");
        }

        var more = actors.Left > 0 ? [new CommandResponse($"... and {actors.Left} more; give a deeper path with -s, or a smaller depth with -d")] : Enumerable.Empty<CommandResponse>();
        return actors.Paths.Select(p => new CommandResponse($"{node.Address}{p}", new { Node = node.Address.ToString(), Path = p })).Concat(more);
    }
}
