using Intellect3.Actors.Injection;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Packages;
using Intellect3.TestPackages;

namespace Intellect3.Actors.Tests.Injection;

public sealed class PackageStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("intellect3-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_package_is_kept_once_and_found_by_its_latest_version()
    {
        var store = new PackageStore(_folder);
        var (old, latest) = (Package("1.9.0"), Package("1.10.0"));
        Assert.True(store.Keep(latest));
        Assert.True(store.Keep(old));
        Assert.False(store.Keep(old));
        Assert.Equal(latest.Key, store.Find("Clock"));
        Assert.Equal(old.Key, store.Find("Clock", "1.9.0"));
        Assert.Null(store.Find("Clock", "2.0.0"));
        Assert.Equal([old.Key, latest.Key], new PackageStore(_folder).Packages);
    }

    [Fact]
    public void A_version_never_changes_its_bytes()
    {
        var store = new PackageStore(_folder);
        store.Keep(Package("1.0.0"));
        var other = PackageBuilder.Of("Clock");
        var changed = EnvironmentPackage.Read((other with { Files = [.. other.Files, ("more", [1])] }).Build());
        Assert.Contains("raise it", Assert.Throws<PackageException>(() => store.Keep(changed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_damaged_on_the_disk_is_not_offered()
    {
        var key = Package("1.0.0").Key;
        new PackageStore(_folder).Keep(Package("1.0.0"));
        File.WriteAllBytes(Path.Combine(_folder, key.Hash + ".nupkg"), Package("1.0.1").Bytes.ToArray());
        Assert.Empty(new PackageStore(_folder).Packages);
    }

    [Fact]
    public async Task Other_nodes_pull_a_package_by_its_hash()
    {
        var (store, node, channel, sources) = (new PackageStore(_folder), new NodeAddress("loopback://a"), new LoopbackByteChannel(), new ByteSources());
        sources.Add(PackageStore.SourceName, store);
        channel.Connect(node, sources);
        var package = Package("1.0.0");
        store.Keep(package);
        Assert.Null(store.RefTo("00", node));
        Assert.Equal(package.Bytes.ToArray(), await channel.PullBytesAsync(store.RefTo(package.Key.Hash, node)!, CancellationToken.None));
    }

    private static EnvironmentPackage Package(string version) => EnvironmentPackage.Read((PackageBuilder.Of("Clock") with { Version = version }).Build());
}
