using System.Net;
using System.Net.Sockets;

namespace Intellect3.Cluster.Tests;

/// <summary>What people get wrong when they start and steer nodes: a clear error each, and nothing lost.</summary>
public sealed class NodeMistakesTests : IDisposable
{
    private readonly RunFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("--roles seed,rolout", 2, "unknown role 'rolout'", "Did you mean 'rollout'?")]
    [InlineData("--roles rollout", 2, "the roles rollout and verifier go together", "--roles rollout,verifier")]
    [InlineData("--roles trainer", 2, "a node without the role seed needs --seed", "--seed 127.0.0.1:5110")]
    [InlineData("--roles trainer --seed nowhere", 2, "--seed nowhere is no address", "HOST:PORT")]
    [InlineData("--roles seed --host 0.0.0.0", 2, "opens the node to a network", "--insecure-network")]
    [InlineData("--roles seed --host 0.0.0.0 --insecure-network", 2, "opens the node to a network", "--token")]
    [InlineData("--roles seed --host 0.0.0.0 --insecure-network --token t", 2, "--host 0.0.0.0 needs --public-host", "Give the name or address")]
    [InlineData("--roles trainer --seed 127.0.0.1:1 --join-timeout 1 --port 0", 1, "127.0.0.1:1 cannot be reached", "Connection refused")]
    public async Task A_wrong_call_of_node_says_what_and_what_next(string arguments, int expected, params string[] says)
    {
        var (exit, output, errors) = await Intellect3Process.RunAsync(["node", .. arguments.Split(' '), "--data-dir", _runs.Path("data"), "--log-level", "error"]);

        Assert.Equal(expected, exit);
        Assert.All(says, text => Assert.Contains(text, errors, StringComparison.Ordinal));
        Assert.Empty(output);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_nodes_cannot_have_one_port_or_one_data_directory()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        string[] node = ["node", "--roles", "seed,coordinator", "--log-level", "error"];

        var (exit, _, errors) = await Intellect3Process.RunAsync([.. node, "--port", $"{port}", "--http-port", "0", "--data-dir", _runs.Path("a")]);
        Assert.Equal((1, true), (exit, errors.Contains($"port {port} on 127.0.0.1 is in use", StringComparison.Ordinal)));
        (exit, _, errors) = await Intellect3Process.RunAsync([.. node, "--port", "0", "--http-port", $"{port}", "--data-dir", _runs.Path("a")]);
        Assert.Equal((2, true), (exit, errors.Contains($"the HTTP port {port} on 127.0.0.1 cannot be bound", StringComparison.Ordinal)));

        using var first = Intellect3Process.Start([.. node, "--port", "0", "--http-port", "0", "--data-dir", _runs.Path("a")]);
        await first.LineAsync(l => l.StartsWith("ready:", StringComparison.Ordinal), "a ready line");
        (exit, _, errors) = await Intellect3Process.RunAsync([.. node, "--port", "0", "--http-port", "0", "--data-dir", _runs.Path("a")]);
        Assert.Equal((2, true), (exit, errors.Contains("Give each node a --data-dir of its own", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_cluster_of_another_name_lets_nobody_in_and_the_node_says_so_while_it_tries()
    {
        using var cluster = await TestCluster.StartAsync(_runs, rollouts: 0);

        var (exit, _, errors) = await Intellect3Process.RunAsync(
            "node", "--roles", "trainer", "--seed", cluster.Seed, "--cluster", "other", "--port", "0", "--join-timeout", "4", "--data-dir", _runs.Path("other"), "--log-level", "error");

        Assert.Equal(1, exit);
        Assert.Contains($"waiting for the cluster: {cluster.Seed} accepts connections but does not let this node in", errors, StringComparison.Ordinal);
        Assert.Contains("not called 'other'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_questions_to_a_cluster_are_answered_clearly()
    {
        using var cluster = await TestCluster.StartAsync(_runs, rollouts: 0);
        var damaged = _runs.Path("damaged.nupkg");
        await File.WriteAllBytesAsync(damaged, [1, 2, 3]);

        await AssertFailsAsync(2, "Did you mean 'cluster'?", "pbm", cluster.Endpoint, "clutser", "show");
        await AssertFailsAsync(2, "Did you mean 'status'?", "pbm", cluster.Endpoint, "run", "statsu");
        await AssertFailsAsync(1, "there is no run", "pbm", cluster.Endpoint, "run", "status");
        await AssertFailsAsync(1, "127.0.0.1:1", "pbm", "127.0.0.1:1", "run", "status");
        await AssertFailsAsync(2, "damaged.nupkg", "env", "push", damaged, "--to", cluster.Endpoint);
        await AssertFailsAsync(1, "127.0.0.1:1 does not answer", "submit", "parity", "--to", "127.0.0.1:1");
    }

    private static async Task AssertFailsAsync(int expected, string says, params string[] arguments)
    {
        var (exit, output, errors) = await Intellect3Process.RunAsync(arguments);
        Assert.True(exit == expected && errors.Contains(says, StringComparison.Ordinal), $"intellect3 {string.Join(' ', arguments)}: exit {exit}\n{output}\n{errors}");
    }
}
