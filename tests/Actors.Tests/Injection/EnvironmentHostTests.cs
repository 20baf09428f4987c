using Akka.Actor;
using Akka.TestKit.Xunit2;
using Intellect3.Actors.Injection;
using Intellect3.Actors.Messages;
using Intellect3.Actors.Rollouts;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Hosting;
using Intellect3.Environments.Packages;
using Intellect3.Environments.Tasks;
using Intellect3.TestPackages;
using Process = System.Diagnostics.Process;

namespace Intellect3.Actors.Tests.Injection;

/// <summary>The host of a node that pulls packages from another, with real child processes.</summary>
public sealed class EnvironmentHostTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly NodeAddress Founder = new("loopback://founder");

    private readonly string _folder = Directory.CreateTempSubdirectory("intellect3-").FullName;
    private readonly LoopbackByteChannel _channel = new();
    private readonly PackageStore _there;
    private readonly PackageStore _here;
    private readonly EnvironmentCatalog _catalog = new([]);
    private readonly IActorRef _host;

    public EnvironmentHostTests()
        : base(TestHocon.Strict)
    {
        (_there, _here) = (new PackageStore(Path.Combine(_folder, "there")), new PackageStore(Path.Combine(_folder, "here")));
        var sources = new ByteSources();
        sources.Add(PackageStore.SourceName, _there);
        _channel.Connect(Founder, sources);
        var options = new EnvironmentHostOptions { Child = new ChildOptions { Command = PackageBuilder.Host }, Folder = Path.Combine(_folder, "unpacked") };
        _host = Sys.ActorOf(EnvironmentHost.Props(options, _here, _catalog, _channel), "environments");
    }

    [Fact]
    public async Task A_package_is_pulled_validated_found_drained_and_ended()
    {
        var key = Push(PackageBuilder.Of("Clock"));
        Install(key);
        Assert.Equal(new EnvironmentInstalled(key.Name, key.Version, key.Hash), await ExpectMsgAsync<EnvironmentInstalled>(Patience));
        Assert.True(_here.Has(key.Hash));
        var status = await StatusAsync();
        Assert.Equal((EnvironmentState.Ready, 0L, 0), (status.State, status.Failures, status.Restarts));

        Assert.True(_catalog.TryBorrow(key, out var loan));
        using var process = Process.GetProcessById(status.ProcessId!.Value);
        _host.Tell(new RetireEnvironment(key.Name, key.Version, key.Hash));
        Assert.Equal(EnvironmentState.Draining, (await StatusAsync()).State);
        Assert.False(_catalog.TryBorrow(key, out _));

        // A group that has it goes on until it gives it back.
        Assert.NotEmpty((await loan.Environment.GetTaskAsync(TaskSplit.Train, 0, CancellationToken.None)).Prompt);
        loan.Dispose();
        await ExpectMsgAsync<EnvironmentRetired>(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        var ended = await StatusAsync();
        Assert.Equal((EnvironmentState.Stopped, null), (ended.State, ended.ProcessId));
    }

    [Fact]
    public async Task Asked_twice_it_is_installed_once()
    {
        var key = Push(PackageBuilder.Of("Clock"));
        Install(key);
        Install(key);
        await ExpectMsgAsync<EnvironmentInstalled>(Patience);
        await ExpectMsgAsync<EnvironmentInstalled>(Patience);
        Install(key);
        await ExpectMsgAsync<EnvironmentInstalled>(Patience);
        Assert.Equal(EnvironmentState.Ready, (await StatusAsync()).State);
    }

    [Fact]
    public async Task One_that_pays_for_nothing_is_refused_and_may_be_tried_again()
    {
        // Every answer of its tasks is the same, so a constant answer earns the whole reward.
        var key = Push(PackageBuilder.Of("Misbehaving") with { Version = "0.1.0" });
        Install(key);
        var refused = await ExpectMsgAsync<EnvironmentRefused>(Patience);
        Assert.Contains("constant answer", refused.Reason, StringComparison.Ordinal);
        Assert.False(_catalog.TryBorrow(key, out _));
        var status = await StatusAsync();
        Assert.Equal((EnvironmentState.Failed, refused.Reason, null), (status.State, status.Reason, status.ProcessId));
        Install(key);
        await ExpectMsgAsync<EnvironmentRefused>(Patience);
    }

    [Fact]
    public async Task Other_bytes_than_the_pinned_ones_are_refused()
    {
        var key = Push(PackageBuilder.Of("Clock"));
        var pinned = new string('0', 64);
        _host.Tell(new InstallEnvironment(key.Name, key.Version, pinned, _there.RefTo(key.Hash, Founder)!));
        Assert.Contains(key.Hash, (await ExpectMsgAsync<EnvironmentRefused>(Patience)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_cannot_be_pulled_is_refused()
    {
        var key = Push(PackageBuilder.Of("Clock"));
        _channel.Disconnect(Founder);
        Install(key);
        Assert.Contains("could not be pulled", (await ExpectMsgAsync<EnvironmentRefused>(Patience)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_versions_run_side_by_side()
    {
        var (old, latest) = (Push(PackageBuilder.Of("Clock")), Push(PackageBuilder.Of("Clock") with { Version = "1.1.0" }));
        Install(old);
        Install(latest);
        await ExpectMsgAsync<EnvironmentInstalled>(Patience);
        await ExpectMsgAsync<EnvironmentInstalled>(Patience);
        _host.Tell(new RetireEnvironment(old.Name, old.Version, old.Hash));
        await ExpectMsgAsync<EnvironmentRetired>(Patience);
        Assert.False(_catalog.TryBorrow(old, out _));
        Assert.True(_catalog.TryBorrow(latest, out var loan));
        loan.Dispose();
    }

    [Fact]
    public void What_is_not_there_is_retired_at_once()
    {
        _host.Tell(new RetireEnvironment("Clock", "1.0.0", "00"));
        ExpectMsg(new EnvironmentRetired("Clock", "1.0.0", "00"));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    private EnvironmentKey Push(PackageBuilder builder)
    {
        var package = EnvironmentPackage.Read(builder.Build());
        _there.Keep(package);
        return package.Key;
    }

    private void Install(EnvironmentKey key) => _host.Tell(new InstallEnvironment(key.Name, key.Version, key.Hash, _there.RefTo(key.Hash, Founder)!));

    private async Task<EnvironmentStatus> StatusAsync() => Assert.Single((await _host.Ask<EnvironmentStatuses>(new GetEnvironments(), Patience)).Environments);
}
