using System.CommandLine;
using System.Net;
using Intellect3.Actors.Hosting;
using Intellect3.Cluster.Host.Nodes;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>The switches of <c>node</c>, and the rules between them.</summary>
internal sealed class NodeOptions
{
    /// <summary>Where a cluster's first node listens unless it is told otherwise.</summary>
    public const int DefaultPort = 5110;

    /// <summary>Its HTTP port, which <c>pbm</c> and <c>submit</c> take for granted.</summary>
    public const int DefaultHttpPort = 9110;

    private readonly Option<string> _roles = CommonOptions.Required("--roles", "ROLE,...", $"What the node does: {string.Join(", ", NodeRoles.All)}.");
    private readonly Option<string[]> _seeds = new("--seed") { HelpName = "HOST:PORT", Description = "A node to join the cluster through; may be given many times. A seed without one forms a new cluster.", DefaultValueFactory = _ => [] };
    private readonly Option<int?> _port = CommonOptions.Integer("--port", 0, $"The cluster's port; 0 takes a free one. Default: {DefaultPort} for a seed, else 0.");
    private readonly Option<int?> _httpPort = CommonOptions.Integer("--http-port", 0, $"The HTTP port; 0 takes a free one. Default: {DefaultHttpPort} for a seed, else 0.");
    private readonly Option<string?> _data = new("--data-dir") { HelpName = "DIR", Description = "What the node keeps across restarts: one directory a node. Default: intellect3-data/ and its roles." };
    private readonly Option<string?> _host = new("--host") { HelpName = "ADDRESS", Description = "The address to bind. Default: 127.0.0.1. Any other needs --insecure-network and a token." };
    private readonly Option<string?> _publicHost = new("--public-host") { HelpName = "NAME", Description = "What other machines reach this one by, where that is not --host." };
    private readonly Option<string?> _cluster = new("--cluster") { HelpName = "NAME", Description = "The cluster's name, the same on all its nodes. Default: intellect3." };
    private readonly Option<int?> _joinTimeout = CommonOptions.Integer("--join-timeout", 1, "Seconds that the node tries to join. Default: 120.");
    private readonly Option<int?> _leaveTimeout = CommonOptions.Integer("--leave-timeout", 0, "Seconds that a node that stops waits for the run to do without it. Default: 30.");
    private readonly Option<long?> _uplinkLimit = CommonOptions.Rate("--uplink-limit", "The most that the node sends of weights, samples and packages; 0 for no limit. Default: 0.");
    private readonly Option<bool> _insecure = new("--insecure-network") { Description = "Bind to a network without certificates: whoever reaches the cluster's port can do everything." };
    private readonly Option<string?> _token = CommonTokens.Option();

    public IEnumerable<Option> All => [_roles, _seeds, _port, _httpPort, _data, _host, _publicHost, _cluster, _joinTimeout, _leaveTimeout, _uplinkLimit, _insecure, _token];

    /// <summary>Reads the switches.</summary>
    /// <exception cref="CommandException">They are not as they must be.</exception>
    public NodeProcessOptions Read(ParseResult call, HostContext context)
    {
        var roles = ReadRoles(call.GetRequiredValue(_roles));
        var isSeed = roles.Contains(NodeRoles.Seed);
        string[] seeds = [.. call.GetValue(_seeds)!.SelectMany(s => s.Split(',')).Select(ReadSeed)];
        if (seeds.Length == 0 && !isSeed)
        {
            throw new CommandException("a node without the role seed needs --seed", "It joins the cluster through a node that is in it.", $"Write for example: --seed 127.0.0.1:{DefaultPort}");
        }

        var host = call.GetValue(_host) ?? "127.0.0.1";
        var token = CommonTokens.Read(call, _token, context);
        RequireSafe(host, call.GetValue(_insecure), token);
        RequireReachable(host, call.GetValue(_publicHost));
        return new NodeProcessOptions
        {
            Roles = roles,
            Seeds = seeds,
            Cluster = call.GetValue(_cluster) ?? "intellect3",
            Host = host,
            PublicHost = call.GetValue(_publicHost),
            Port = ReadPort(call.GetValue(_port), "--port", isSeed ? DefaultPort : 0),
            HttpPort = ReadPort(call.GetValue(_httpPort), "--http-port", isSeed ? DefaultHttpPort : 0),
            DataDirectory = call.GetValue(_data) ?? Path.Combine("intellect3-data", string.Join('-', roles)),
            AdminToken = token,
            JoinTimeout = TimeSpan.FromSeconds(call.GetValue(_joinTimeout) ?? 120),
            LeaveTimeout = TimeSpan.FromSeconds(call.GetValue(_leaveTimeout) ?? 30),
            UplinkLimit = call.GetValue(_uplinkLimit) ?? 0,
        };
    }

    private static string[] ReadRoles(string text)
    {
        string[] roles = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
        if (roles.FirstOrDefault(r => !NodeRoles.All.Contains(r)) is { } unknown)
        {
            throw new CommandException($"unknown role '{unknown}'", CommandException.DidYouMean(unknown, NodeRoles.All), $"Roles are {string.Join(", ", NodeRoles.All)}.");
        }

        if (roles.Contains(NodeRoles.Rollout) != roles.Contains(NodeRoles.Verifier))
        {
            throw new CommandException("the roles rollout and verifier go together", "A rollout is scored on the node that made it, so that its text never crosses the network.", "Write: --roles rollout,verifier");
        }

        return roles.Length > 0 ? roles : throw new CommandException("--roles names no role", null, $"Roles are {string.Join(", ", NodeRoles.All)}.");
    }

    private static string ReadSeed(string text) =>
        text.LastIndexOf(':') is > 0 and var colon && int.TryParse(text[(colon + 1)..], out var port) && port is > 0 and < 65536
            ? text
            : throw new CommandException($"--seed {text} is no address", "A seed is HOST:PORT, the port being the cluster's.", $"Write for example: --seed 127.0.0.1:{DefaultPort}");

    private static int ReadPort(int? port, string name, int @default) =>
        port is null or <= 65535 ? port ?? @default : throw new CommandException($"{name} {port} is not valid", "A port is between 0 and 65535.", null);

    private static void RequireReachable(string host, string? publicHost)
    {
        if (publicHost is null && IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            throw new CommandException($"--host {host} needs --public-host", "It means every address of this machine, and other nodes must be told one of them.", "Give the name or address that they reach this machine by.");
        }
    }

    private static void RequireSafe(string host, bool insecure, string? token)
    {
        if (host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
        {
            return;
        }

        if (!insecure || string.IsNullOrEmpty(token))
        {
            throw new CommandException(
                $"--host {host} opens the node to a network",
                "There are no certificates yet: whoever reaches its ports could run code on it.",
                $"Bind to 127.0.0.1, or give --insecure-network and an admin token (--token or {CommonTokens.Variable}) on a network that you trust.");
        }
    }
}
