using Intellect3.Environments.Packages;
using Intellect3.TestPackages;

namespace Intellect3.Environments.Tests.Packages;

public sealed class EnvironmentPackageTests
{
    private static readonly byte[] Plain = PackageBuilder.AssemblyThatNeeds("Fine", "System.Runtime");

    [Fact]
    public void A_package_is_known_by_name_version_and_hash()
    {
        var bytes = PackageBuilder.Of("Clock").Build();
        var key = EnvironmentPackage.Read(bytes).Key;
        Assert.Equal(("Clock", "1.0.0", EnvironmentPackage.HashOf(bytes)), (key.Name, key.Version, key.Hash));
        Assert.Matches("^[0-9a-f]{64}$", key.Hash);
    }

    [Fact]
    public void It_unpacks_once_and_whole()
    {
        using var folder = new TemporaryFolder();
        var package = EnvironmentPackage.Read(PackageBuilder.Of("Clock").Build());
        package.Unpack(folder.Of("p"));
        Assert.True(File.Exists(folder.Of("p/lib/net10.0/Clock.dll")));
        File.WriteAllText(folder.Of("p/mark"), "");
        package.Unpack(folder.Of("p"));
        Assert.True(File.Exists(folder.Of("p/mark")));
        Assert.Equal([folder.Of("p")], Directory.GetFileSystemEntries(folder.Path));
    }

    public static TheoryData<PackageBuilder, string> Refused => new()
    {
        { new PackageBuilder("X"), "has no lib/net10.0/X.dll" },
        { Of("X") with { Type = "Dependency" }, "no environment" },
        { Of("X") with { Contract = "2.0" }, "contract 2.0; this program speaks 1" },
        { Of("X") with { Version = "one" }, "'one'" },
        { Of("Parity"), "built-in" },
        { Of("x y"), "no name of an environment" },
        { Of("X") with { Files = [("lib/net10.0/X.dll", PackageBuilder.AssemblyThatNeeds("X", "Akka"))] }, "X.dll needs Akka" },
        { Of("X") with { Files = [("lib/net10.0/X.dll", PackageBuilder.AssemblyThatNeeds("X", "Akka.Cluster"))] }, "needs Akka.Cluster" },
        { Of("X") with { Files = [("lib/net10.0/X.dll", Plain), ("lib/net10.0/Hidden.dll", PackageBuilder.AssemblyThatNeeds("Akka"))] }, "Hidden.dll needs Akka" },
        { Of("X") with { Files = [("lib/net10.0/X.dll", Plain), ("../evil", [])] }, "outside of its folder" },
        { Of("X") with { Files = [("lib/net10.0/X.dll", Plain), ("/evil", [])] }, "outside of its folder" },
        { Of("X") with { Files = [("lib/net10.0/X.dll", Plain), ("a\\..\\..\\evil", [])] }, "outside of its folder" },
        { Of("X") with { Files = [("lib/net10.0/X.dll", Plain), ("a", []), ("A", [])] }, "twice" },
        { Of("X") with { Files = [("lib/net10.0/X.dll", Plain), ("Y.nuspec", [])] }, "one .nuspec" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_environment_is_refused_with_a_reason(PackageBuilder package, string reason) =>
        Assert.Contains(reason, Assert.Throws<PackageException>(() => EnvironmentPackage.Read(package.Build())).Message, StringComparison.Ordinal);

    [Fact]
    public void Damage_is_found_wherever_it_is()
    {
        var good = PackageBuilder.Of("Clock").Build();
        Assert.Contains("damaged", Assert.Throws<PackageException>(() => EnvironmentPackage.Read([1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("damaged", Assert.Throws<PackageException>(() => EnvironmentPackage.Read(good[..(good.Length / 2)])).Message, StringComparison.Ordinal);
        for (var at = 40; at < good.Length; at += good.Length / 50)
        {
            // Wherever a byte is wrong: a typed error, or (in a field that nobody reads) other bytes and so another hash; never another exception.
            byte[] bad = [.. good];
            bad[at] ^= 0x55;
            try
            {
                Assert.NotEqual(EnvironmentPackage.HashOf(good), EnvironmentPackage.Read(bad).Key.Hash);
            }
            catch (PackageException)
            {
            }
        }
    }

    [Fact]
    public void What_is_too_big_is_refused_before_it_is_unpacked()
    {
        var bytes = (Of("X") with { Files = [("lib/net10.0/X.dll", Plain), ("zeros", new byte[1 << 20])] }).Build();
        Assert.Contains("bigger", Assert.Throws<PackageException>(() => EnvironmentPackage.Read(bytes, new PackageLimits { PackedBytes = 100 })).Message, StringComparison.Ordinal);
        Assert.Contains("bigger", Assert.Throws<PackageException>(() => EnvironmentPackage.Read(bytes, new PackageLimits { UnpackedBytes = 1 << 19 })).Message, StringComparison.Ordinal);
        Assert.Contains("3 files", Assert.Throws<PackageException>(() => EnvironmentPackage.Read(bytes, new PackageLimits { Files = 2 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_are_ordered_as_semantic_ones()
    {
        string[] ordered = ["nonsense", "0.9.9", "1.0.0-1", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0", "1.0.10", "1.2.0", "10.0.0"];
        Assert.Equal(ordered, ordered.Reverse().Order(PackageVersionComparer.Instance));
    }

    private static PackageBuilder Of(string id) => new(id) { Files = [($"lib/net10.0/{id}.dll", Plain)] };
}
