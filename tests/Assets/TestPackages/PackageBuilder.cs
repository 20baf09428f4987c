using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Intellect3.Environments.Hosting;

namespace Intellect3.TestPackages;

/// <summary>Writes environment packages, right or wrong ones.</summary>
public sealed record PackageBuilder(string Id)
{
    public string Version { get; init; } = "1.0.0";

    public string Type { get; init; } = "Intellect3Environment";

    public string Contract { get; init; } = "1.0";

    /// <summary>Files beside the manifest.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Files { get; init; } = [];

    /// <summary>How tests start the child process of an environment.</summary>
    public static HostCommand Host { get; } =
        new(Path.Combine(AppContext.BaseDirectory, "Intellect3.Tests.EnvironmentHost" + (OperatingSystem.IsWindows() ? ".exe" : "")), []);

    /// <summary>A package with the assembly of its name that lies beside the tests: Clock or Misbehaving.</summary>
    public static PackageBuilder Of(string id) => new(id) { Files = [($"lib/net10.0/{id}.dll", File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, id + ".dll")))] };

    /// <summary>The environment Misbehaving whose reference answer is this word.</summary>
    public static PackageBuilder Misbehaving(string word)
    {
        var package = Of("Misbehaving");
        return package with { Files = [.. package.Files, ("lib/net10.0/answer.txt", System.Text.Encoding.UTF8.GetBytes(word))] };
    }

    /// <summary>An assembly with nothing in it but references.</summary>
    public static byte[] AssemblyThatNeeds(string name, params string[] references)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString(name + ".dll"), metadata.GetOrAddGuid(Guid.Empty), default, default);
        metadata.AddAssembly(metadata.GetOrAddString(name), new Version(1, 0, 0, 0), default, default, default, AssemblyHashAlgorithm.None);
        foreach (var reference in references)
        {
            metadata.AddAssemblyReference(metadata.GetOrAddString(reference), new Version(1, 0, 0, 0), default, default, default, default);
        }

        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        return image.ToArray();
    }

    public byte[] Build()
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            var manifest = $"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd"><metadata>
                <id>{Id}</id><version>{Version}</version><description>A test.</description><packageTypes><packageType name="{Type}" version="{Contract}" /></packageTypes>
                </metadata></package>
                """;
            foreach (var (name, content) in Files.Prepend(($"{Id}.nuspec", System.Text.Encoding.UTF8.GetBytes(manifest))))
            {
                var entry = archive.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return file.ToArray();
    }
}
