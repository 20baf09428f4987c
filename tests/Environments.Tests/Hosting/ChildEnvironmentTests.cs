using System.Net.Sockets;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Hosting;
using Intellect3.Environments.Packages;
using Intellect3.Environments.Rewards;
using Intellect3.Environments.Tasks;
using Intellect3.Environments.Traces;
using Intellect3.Environments.Validation;
using Intellect3.TestPackages;
using Process = System.Diagnostics.Process;

namespace Intellect3.Environments.Tests.Hosting;

public sealed class ChildEnvironmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_child_gives_what_the_task_set_gives_here()
    {
        await using var child = await StartAsync("Clock");
        var (here, taskset) = (new LocalEnvironment(new Clock.ClockTaskset()), new Clock.ClockTaskset());
        Assert.Equal(("Clock", "1.0.0", taskset.Limits.MaxTokens), (child.Key.Name, child.Key.Version, child.Limits.MaxTokens));
        for (var index = 0; index < 5; index++)
        {
            var task = await child.GetTaskAsync(TaskSplit.HeldOut, index, CancellationToken.None);
            Assert.Equivalent(taskset.GetTask(TaskSplit.HeldOut, index), task);
            string[] answer = [task.Answer![..index]];
            var (there, own) = (await EnvironmentValidator.PlayAsync(child, task, answer, CancellationToken.None), await EnvironmentValidator.PlayAsync(here, task, answer, CancellationToken.None));
            Assert.Equal(TraceJson.Write(own), TraceJson.Write(there));
        }

        Assert.True((await EnvironmentValidator.ValidateAsync(child, CancellationToken.None)).IsValid);
        Assert.Equal((0, 0L), (child.Restarts, child.Failures));
    }

    [Theory]
    [InlineData("more", null, "yes?", null)]
    [InlineData("enough", "enough", null, null)]
    [InlineData("silence", null, null, null)]
    [InlineData("turn throws", null, null, "FormatException: cannot hear")]
    public async Task After_a_turn_it_stops_answers_is_silent_or_fails(string turn, string? stop, string? reply, string? error)
    {
        await using var child = await StartAsync("Misbehaving");
        var (task, trace) = (await child.GetTaskAsync(TaskSplit.Train, 0, CancellationToken.None), Said(turn));
        var outcome = await child.AfterTurnAsync(task, trace, mayReply: true, CancellationToken.None);
        Assert.Equal((stop, reply, error), (outcome.Stop, outcome.Reply?.Content, outcome.Error?.Message));
        Assert.Equal((stop, null), ((await child.AfterTurnAsync(task, trace, mayReply: false, CancellationToken.None)) is var o ? (o.Stop, o.Reply) : default));
    }

    [Theory]
    [InlineData("throw", "InvalidOperationException: told to throw", 0)]
    [InlineData("hang", "did not answer within", 2)]
    [InlineData("crash", "told to crash", 2)]
    [InlineData("exit", "exit code 3", 2)]
    public async Task A_reward_that_goes_wrong_is_a_typed_failure_and_the_next_call_is_served(string word, string message, int restarts)
    {
        await using var child = await StartAsync("Misbehaving");
        var bad = await ScoreAsync(child, word);
        var error = Assert.Single(bad.Errors);
        Assert.Equal(Boundary.Verifier, error.Boundary);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Null(bad.Reward);

        Assert.Equal(1, (await ScoreAsync(child, "good")).Reward);
        Assert.Equal((restarts, restarts > 0 ? 1L : 0L), (child.Restarts, child.Failures));
    }

    [Fact]
    public async Task What_it_prints_disturbs_nothing()
    {
        await using var child = await StartAsync("Misbehaving");
        Assert.Equal(0.5, (await ScoreAsync(child, "print")).Reward);
        Assert.Equal(0, child.Restarts);
    }

    [Fact]
    public async Task Calls_that_share_a_child_with_a_crashing_one_get_their_answers()
    {
        await using var child = await StartAsync("Misbehaving");
        var traces = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ScoreAsync(child, i is 3 or 7 ? "exit" : "good")));
        Assert.Equal(18, traces.Count(trace => trace.Reward == 1));
        Assert.All(new[] { 3, 7 }, i => Assert.Equal(Boundary.Verifier, Assert.Single(traces[i].Errors).Boundary));
    }

    [Fact]
    public async Task A_child_that_was_killed_is_started_again()
    {
        await using var child = await StartAsync("Misbehaving");
        using (var process = Process.GetProcessById(child.ProcessId!.Value))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.Equal(1, (await ScoreAsync(child, "good")).Reward);
        Assert.Equal((1, 0L), (child.Restarts, child.Failures));
    }

    [Fact]
    public async Task Once_stopped_its_process_is_gone_and_calls_fail()
    {
        var child = await StartAsync("Misbehaving");
        using var process = Process.GetProcessById(child.ProcessId!.Value);
        await child.DisposeAsync();
        await process.WaitForExitAsync();
        Assert.Null(child.ProcessId);
        Assert.Contains("ended", Assert.Single((await ScoreAsync(child, "good")).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_ends_when_its_node_is_gone()
    {
        EnvironmentPackage.Read(PackageBuilder.Of("Clock").Build()).Unpack(_folder.Of("Clock"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_folder.Of("s")));
        listener.Listen();
        using var process = Process.Start(PackageBuilder.Host.FileName, ["--package", _folder.Of("Clock"), "--socket", _folder.Of("s")]);
        using (var connection = await listener.AcceptAsync())
        using (var stream = new NetworkStream(connection))
        using (var reader = new StreamReader(stream))
        {
            Assert.StartsWith("""{"contract":1,""", await reader.ReadLineAsync(), StringComparison.Ordinal);
        }

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_task_that_throws_says_so()
    {
        await using var child = await StartAsync("Misbehaving");
        var error = (await Assert.ThrowsAsync<EnvironmentException>(async () => await child.GetTaskAsync(TaskSplit.Train, 404, CancellationToken.None))).Error;
        Assert.Equal(new TraceError(Boundary.Environment, "GetTask", "KeyNotFoundException: no such task"), error);
    }

    [Fact]
    public async Task A_package_without_a_task_set_does_not_start()
    {
        var bytes = (new PackageBuilder("X") { Files = [("lib/net10.0/X.dll", PackageBuilder.AssemblyThatNeeds("X", "System.Runtime"))] }).Build();
        Assert.Contains("no public task set", (await Assert.ThrowsAsync<PackageException>(() => StartAsync(EnvironmentPackage.Read(bytes)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_or_is_no_host_does_not_start()
    {
        var package = EnvironmentPackage.Read(PackageBuilder.Of("Clock").Build());
        Assert.Contains("could not be started", (await Assert.ThrowsAsync<PackageException>(() => StartAsync(package, new HostCommand("/nowhere/host", [])))).Message, StringComparison.Ordinal);
        Assert.Contains("exit code", (await Assert.ThrowsAsync<PackageException>(() => StartAsync(package, new HostCommand("dotnet", ["--version"])))).Message, StringComparison.Ordinal);
    }

    private static Trace Said(string word)
    {
        var trace = new Trace { StopCondition = StopConditions.Stop };
        trace.Add(new MessageNode { Parent = -1, Message = Message.User("?"), Sampled = false, TokenIds = [1] });
        trace.Add(new MessageNode { Parent = 0, Message = Message.Assistant(word), Sampled = true, TokenIds = [2], Mask = [true], LogProbabilities = [-0.5f], Versions = [new PolicySpan(0, 1, 1)] });
        return trace;
    }

    private static async Task<Trace> ScoreAsync(ChildEnvironment child, string word)
    {
        var trace = Said(word);
        await child.ScoreAsync(new TaskData { Key = "t", Prompt = [Message.User("?")] }, trace, CancellationToken.None);
        return trace;
    }

    private Task<ChildEnvironment> StartAsync(string name) => StartAsync(EnvironmentPackage.Read(PackageBuilder.Of(name).Build()));

    private Task<ChildEnvironment> StartAsync(EnvironmentPackage package, HostCommand? host = null)
    {
        package.Unpack(_folder.Of(package.Key.Name));
        var options = new ChildOptions { Command = host ?? PackageBuilder.Host, CallDeadline = TimeSpan.FromSeconds(3), Grace = TimeSpan.FromSeconds(0.5) };
        return ChildEnvironment.StartAsync(package.Key, _folder.Of(package.Key.Name), options, CancellationToken.None);
    }
}
