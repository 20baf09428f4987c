using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Akka.Actor;
using Intellect3.Actors.Administration;
using Intellect3.Actors.Administration.Nodes;
using Intellect3.Actors.Coordination;
using Intellect3.Actors.Hosting;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Serialization;
using Intellect3.Actors.Tests.Serialization;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Tasks;
using Microsoft.Extensions.Logging;

namespace Intellect3.Actors.Tests.Hosting;

/// <summary>Message types are counted process-wide: nothing else may send any meanwhile.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>One program: a run on one node and a run on four have the same actors and the same messages, but for what is approved by name.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed partial class SameProgramTests : IDisposable
{
    /// <summary>Whether these are sent at all depends on which group is in flight when something ends.</summary>
    private static readonly string[] Sometimes = ["groups/2/CancelGroup", "groups/2/GroupEnded"];

    private readonly string _directory = Directory.CreateTempSubdirectory("intellect3-same-").FullName;
    private readonly ConcurrentDictionary<string, bool> _messages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _actors = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public SameProgramTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == WireSerializer.WrittenName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: WireSerializer.TypeTag, Value: string type })
                {
                    _messages[type] = true;
                }
            }
        });
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_run_has_the_same_actors_and_messages_on_one_node_and_on_four()
    {
        var solo = await ObserveAsync([NodeRoles.All]);
        var four = await ObserveAsync([[NodeRoles.Seed, NodeRoles.Coordinator], [NodeRoles.Trainer], [NodeRoles.Rollout, NodeRoles.Verifier], [NodeRoles.Rollout, NodeRoles.Verifier]]);

        var actual = string.Join('\n', solo.Intersect(four).Select(x => $"both  {x}").Concat(solo.Except(four).Select(x => $"solo  {x}")).Concat(four.Except(solo).Select(x => $"four  {x}")).Order(StringComparer.Ordinal)) + "\n";
        var approved = Path.Combine(AppContext.BaseDirectory, "Approved", "same-program.txt");
        var expected = File.Exists(approved) ? (await File.ReadAllTextAsync(approved)).ReplaceLineEndings("\n") : "";
        if (expected != actual)
        {
            var received = Path.Combine(AppContext.BaseDirectory, "same-program.received.txt");
            await File.WriteAllTextAsync(received, actual);
            Assert.Fail($"""
                Actors and messages of a run differ from tests/Actors.Tests/Approved/same-program.txt (- approved, + now):
                {string.Join("\n", LineDiff.Of(expected.Split('\n'), actual.Split('\n')))}
                If that is meant, copy {received} over the approved file.
                """);
        }
    }

    private async Task<SortedSet<string>> ObserveAsync(IReadOnlyList<IReadOnlyList<string>> nodes)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var channel = new LoopbackByteChannel();
        var hosts = new List<NodeHost>();
        _messages.Clear();
        _actors.Clear();
        try
        {
            foreach (var roles in nodes)
            {
                hosts.Add(await StartAsync(roles, hosts.Count == 0 ? [] : [$"127.0.0.1:{hosts[0].Node.Cluster.SelfAddress.Port}"], channel, hosts.Count, deadline.Token));
            }

            var accepted = await hosts[0].Runs.Ask<IRunMessage>(new SubmitRun("test", Path.Combine(_directory, $"{nodes.Count}"), ""), TimeSpan.FromSeconds(20));
            Assert.IsType<RunAccepted>(accepted);
            await WatchAsync(hosts, deadline.Token);
        }
        finally
        {
            foreach (var host in hosts.AsEnumerable().Reverse())
            {
                await host.DisposeAsync();
            }
        }

        return [.. _actors.Select(a => $"actor    {a}"), .. _messages.Keys.Except(Sometimes).Select(m => $"message  {m}")];
    }

    private static Task<NodeHost> StartAsync(IReadOnlyList<string> roles, IReadOnlyList<string> seeds, LoopbackByteChannel channel, int number, CancellationToken cancellation)
    {
        var (address, sources) = (new NodeAddress($"loopback://{number}"), new ByteSources());
        channel.Connect(address, sources);
        return NodeHost.StartAsync(
            new ClusterNodeOptions { Roles = roles, Seeds = seeds, LogLevel = LogLevel.Error, Hocon = TestHocon.StrictCluster },
            new NodeServices { Library = new TestRunLibrary(SoloClusterTests.Settings(targetLag: 1) with { Steps = 6 }), Tasksets = TasksetRegistry.BuiltIn, Address = address, Sources = sources, Channel = channel },
            TimeSpan.Zero,
            cancellation);
    }

    /// <summary>Looks at the actors again and again until the run has ended: groups live for a moment only.</summary>
    private async Task WatchAsync(List<NodeHost> hosts, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            foreach (var path in hosts.SelectMany(h => ActorTree.Below(h.Node.System, "/user", 12)!.Paths.Concat(ActorTree.Below(h.Node.System, "/system/sharding", 12)?.Paths ?? [])).ToList())
            {
                _actors.Add(Normal(path));
            }

            var status = (RunStatus)await hosts[0].Runs.Ask<IRunMessage>(new GetRunStatus(), TimeSpan.FromSeconds(20), cancellation);
            Assert.True(status.Stage != RunStage.Failed, status.Failure);
            if (status.Stage == RunStage.Finished)
            {
                return;
            }
        }
    }

    /// <summary>Numbers and incarnations stand for all of their kind.</summary>
    private static string Normal(string path) => Numbers().Replace(Incarnations().Replace(path, "INCARNATION"), "N");

    [GeneratedRegex(@"127\.0\.0\.1_\d+_-?\d+")]
    private static partial Regex Incarnations();

    [GeneratedRegex(@"\d+|(?<=/)\$\w+")]
    private static partial Regex Numbers();
}
