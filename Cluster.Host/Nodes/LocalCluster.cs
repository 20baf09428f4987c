using System.Globalization;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>A whole cluster on this machine: one seed and coordinator, some trainers, some rollout nodes, each a supervised child process.</summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private readonly List<ChildNode> _nodes = [];
    private readonly Action<string> _say;

    private LocalCluster(Action<string> say) => _say = say;

    /// <summary>Starts the nodes; returns when all are members.</summary>
    /// <param name="options">Which nodes, and where.</param>
    /// <param name="say">Tells the user what happens to them.</param>
    /// <param name="cancellation">Gives the start up.</param>
    /// <exception cref="CommandException">A node cannot start.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions options, Action<string> say, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var data = Path.GetFullPath(options.DataDirectory);
        Directory.CreateDirectory(data);
        var ports = new LocalPorts(data);
        var cluster = new LocalCluster(say);
        try
        {
            var seed = cluster.Start(data, "seed", "seed,coordinator", options.Port, options.HttpPort, []);
            await seed.Ready.WaitAsync(cancellation);
            string[] join = ["--seed", $"127.0.0.1:{options.Port}"];
            for (var i = 1; i <= options.Trainers; i++)
            {
                cluster.StartWorker(data, $"trainer-{i}", "trainer", ports, join);
            }

            for (var i = 1; i <= options.Rollouts; i++)
            {
                cluster.StartWorker(data, $"rollout-{i}", "rollout,verifier", ports, join);
            }

            await Task.WhenAll(cluster._nodes.Select(n => n.Ready)).WaitAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets all nodes leave; the seed last.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Skip(1).Select(n => n.DisposeAsync().AsTask()));
        await Task.WhenAll(_nodes.Take(1).Select(n => n.DisposeAsync().AsTask()));
    }

    private void StartWorker(string data, string name, string roles, LocalPorts ports, string[] join) =>
        Start(data, name, roles, ports.Of(name), ports.Of($"{name} http"), join);

    private ChildNode Start(string data, string name, string roles, int port, int httpPort, string[] more)
    {
        var node = new ChildNode(
            name,
            Path.Combine(data, name),
            ["--roles", roles, "--port", port.ToString(CultureInfo.InvariantCulture), "--http-port", httpPort.ToString(CultureInfo.InvariantCulture), .. more],
            _say);
        _nodes.Add(node);
        return node;
    }
}
