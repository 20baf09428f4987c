using System.Text.Json;

namespace Intellect3.Cluster.Tests;

/// <summary>A cluster of real processes on free ports, each with a data directory below the test's folder.</summary>
internal sealed class TestCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, Intellect3Process> _nodes = [];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly RunFolder _folder;

    private TestCluster(RunFolder folder) => _folder = folder;

    /// <summary>The seed, <c>host:port</c>.</summary>
    public string Seed { get; private set; } = "";

    /// <summary>The seed's HTTP endpoint, <c>host:port</c>.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>Starts one seed and coordinator, one trainer, and some rollout nodes <c>rollout-1</c> and so on.</summary>
    public static async Task<TestCluster> StartAsync(RunFolder folder, int rollouts)
    {
        var cluster = new TestCluster(folder);
        await cluster.StartSeedAsync("0", "0");
        await Task.WhenAll([cluster.StartNodeAsync("trainer", "trainer"), .. Enumerable.Range(1, rollouts).Select(i => cluster.StartNodeAsync($"rollout-{i}", "rollout,verifier"))]);
        return cluster;
    }

    /// <summary>Starts the seed, or starts it again on its ports.</summary>
    public Task StartSeedAgainAsync() => StartSeedAsync(Seed.Split(':')[1], Endpoint.Split(':')[1]);

    /// <summary>Starts a node that joins through the seed; returns when it is ready.</summary>
    public Task<string> StartNodeAsync(string name, string roles) => StartAsync(name, "--roles", roles, "--seed", Seed, "--port", "0", "--http-port", "0");

    /// <summary>Sends a node a signal and waits for its end.</summary>
    public async Task<int> EndAsync(string name, int signal)
    {
        var node = _nodes[name];
        node.Signal(signal);
        var exit = await node.WaitAsync();
        _nodes.Remove(name);
        node.Dispose();
        return exit;
    }

    /// <summary>Submits a run.</summary>
    public async Task SubmitAsync(string run, IEnumerable<string> arguments) =>
        await RunAsync(["submit", .. arguments.Where(a => a is not "--progress" and not "plain"), "--to", Endpoint, "--run-dir", _folder.Path(run)]);

    /// <summary>Pushes a package.</summary>
    public Task<string> PushAsync(string package) => RunAsync("env", "push", package, "--to", Endpoint);

    /// <summary>Runs a command that must succeed.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var (exit, output, errors) = await Intellect3Process.RunAsync(arguments);
        Assert.True(exit == 0, $"intellect3 {string.Join(' ', arguments)}: exit {exit}\n{output}\n{errors}");
        return output;
    }

    /// <summary>A command of <c>pbm</c> that must succeed, as JSON lines.</summary>
    public async Task<IReadOnlyList<JsonElement>> PbmAsync(params string[] words) =>
        [.. (await RunAsync(["pbm", Endpoint, .. words, "--json"])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.Clone())];

    /// <summary>Asks for the run's status until it is as expected.</summary>
    public async Task<JsonElement> UntilAsync(Func<JsonElement, bool> condition, string expected)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        JsonElement? last = null;
        try
        {
            do
            {
                if (await StatusAsync(deadline.Token) is { } status)
                {
                    last = status;
                    Assert.False(status.GetProperty("stage").GetString() == "failed" && expected != "failed", status.ToString());
                    if (condition(status))
                    {
                        return status;
                    }

                    Assert.False(status.GetProperty("stage").GetString() == "finished", $"the run ended before it got to: {expected}. It stands at {status}");
                }
            }
            while (await timer.WaitForNextTickAsync(deadline.Token));
        }
        catch (OperationCanceledException)
        {
        }

        throw new TimeoutException($"the run did not get to: {expected}. It stands at {last}");
    }

    public Task<JsonElement> UntilStepAsync(int step) =>
        UntilAsync(s => s.GetProperty("stage").GetString() == "reinforcement" && s.GetProperty("step").GetInt32() >= step, $"step {step}");

    /// <summary>Asks the run to stop, and waits until it has.</summary>
    public async Task<JsonElement> StopRunAsync()
    {
        await PbmAsync("run", "stop");
        return await UntilAsync(s => s.GetProperty("stage").GetString() == "stopped", "stopped");
    }

    public Task<JsonElement> UntilFinishedAsync() => UntilAsync(s => s.GetProperty("stage").GetString() == "finished", "its end");

    public void Dispose()
    {
        foreach (var node in _nodes.Values)
        {
            node.Dispose();
        }

        _client.Dispose();
    }

    private async Task StartSeedAsync(string port, string httpPort)
    {
        // ready: akka.tcp://intellect3@127.0.0.1:5110 http://127.0.0.1:9110 roles=[coordinator,seed]
        var ready = (await StartAsync("seed", "--roles", "seed,coordinator", "--port", port, "--http-port", httpPort)).Split(' ');
        (Seed, Endpoint) = (ready[1].Split('@')[1], ready[2]["http://".Length..]);
    }

    private Task<string> StartAsync(string name, params string[] arguments)
    {
        var node = Intellect3Process.Start(["node", .. arguments, "--data-dir", _folder.Path($"data/{name}"), "--log-level", "warning"]);
        _nodes[name] = node;
        return node.LineAsync(l => l.StartsWith("ready:", StringComparison.Ordinal), "a ready line");
    }

    private async Task<JsonElement?> StatusAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await _client.GetAsync($"http://{Endpoint}/runs/status", cancellation);
            return response.IsSuccessStatusCode ? JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation)).RootElement.Clone() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
