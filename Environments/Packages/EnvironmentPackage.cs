using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Hosting;
using Intellect3.Environments.Tasks;

namespace Intellect3.Environments.Packages;

/// <summary>
/// An environment as a NuGet package: package type <c>Intellect3Environment</c>, whose version is the contract's, and in <c>lib/net10.0</c> an assembly of the package's name with
/// one task set, beside what it needs. Reading checks all that can be seen without running its code.
/// </summary>
public sealed partial class EnvironmentPackage
{
    /// <summary>The package type that marks an environment.</summary>
    public const string PackageType = "Intellect3Environment";

    /// <summary>Where a package's assemblies are.</summary>
    public const string AssemblyFolder = "lib/net10.0/";

    /// <summary>Assemblies that an environment must not need: it would bring a second actor system, or a second libtorch, into a process that has none.</summary>
    private static readonly string[] Forbidden = ["Akka", "TorchSharp", "Intellect3.Actors", "Intellect3.Model", "Intellect3.Kernels"];

    private readonly byte[] _bytes;

    private EnvironmentPackage(EnvironmentKey key, byte[] bytes) => (Key, _bytes) = (key, bytes);

    /// <summary>Its id, its version, and the SHA-256 of the file.</summary>
    public EnvironmentKey Key { get; }

    /// <summary>The file as it came.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The SHA-256 of bytes as a package's key has it.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Reads a package file.</summary>
    /// <exception cref="PackageException">It is no usable package.</exception>
    public static EnvironmentPackage Open(string path, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        var file = new FileInfo(path);
        return !file.Exists ? throw new PackageException($"there is no file {path}")
            : file.Length > limits.PackedBytes ? throw TooBig(limits)
            : Read(File.ReadAllBytes(path), limits);
    }

    /// <summary>Reads a package.</summary>
    /// <param name="bytes">The file; it must not change any more.</param>
    /// <param name="limits">How big it may be.</param>
    /// <exception cref="PackageException">It is no usable package.</exception>
    public static EnvironmentPackage Read(byte[] bytes, PackageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        limits ??= PackageLimits.Default;
        if (bytes.Length > limits.PackedBytes)
        {
            throw TooBig(limits);
        }

        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            var files = SafeFiles(archive, limits);
            var (id, version) = ReadManifest(files);
            if (!files.ContainsKey($"{AssemblyFolder}{id}.dll"))
            {
                throw new PackageException($"it has no {AssemblyFolder}{id}.dll: the assembly that holds the task set is named as the package");
            }

            foreach (var (name, entry) in files.Where(file => file.Key.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)))
            {
                CheckReferences(name, Content(entry, limits.UnpackedBytes));
            }

            return new EnvironmentPackage(new EnvironmentKey(id, version, HashOf(bytes)), bytes);
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or EndOfStreamException or BadImageFormatException)
        {
            throw new PackageException($"the file is damaged: {e.Message}", e);
        }
    }

    /// <summary>Unpacks into a folder of its own, whole or not at all; one that is there already is left as it is.</summary>
    /// <param name="folder">The folder to be made; its parent exists.</param>
    /// <param name="limits">How big it may be.</param>
    /// <exception cref="PackageException">It is damaged.</exception>
    public void Unpack(string folder, PackageLimits? limits = null)
    {
        limits ??= PackageLimits.Default;
        if (Directory.Exists(folder))
        {
            return;
        }

        var half = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            using var archive = new ZipArchive(new MemoryStream(_bytes), ZipArchiveMode.Read);
            var left = limits.UnpackedBytes;
            foreach (var (name, entry) in SafeFiles(archive, limits))
            {
                var content = Content(entry, left);
                left -= content.Length;
                var path = Path.Combine(half, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, content);
            }

            Directory.Move(half, folder);
        }
        catch (InvalidDataException e)
        {
            throw new PackageException($"the file is damaged: {e.Message}", e);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another one unpacked it meanwhile.
        }
        finally
        {
            if (Directory.Exists(half))
            {
                Directory.Delete(half, recursive: true);
            }
        }
    }

    /// <summary>The assembly with the task set in the folder of an unpacked package.</summary>
    /// <exception cref="PackageException">The folder holds no package.</exception>
    internal static string OfFolder(string folder)
    {
        var manifest = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.nuspec") : [];
        var path = manifest is [var only] ? Path.Combine(folder, AssemblyFolder, Path.GetFileNameWithoutExtension(only) + ".dll") : null;
        return File.Exists(path) ? Path.GetFullPath(path) : throw new PackageException($"{folder} holds no unpacked environment package");
    }

    private static PackageException TooBig(PackageLimits limits) => new($"it is bigger than {limits.PackedBytes >> 20} MiB");

    /// <summary>The files by name. A name that leaves the folder, is absolute, or is there twice ends it.</summary>
    private static SortedDictionary<string, ZipArchiveEntry> SafeFiles(ZipArchive archive, PackageLimits limits)
    {
        var files = new SortedDictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in archive.Entries.Where(entry => !entry.FullName.EndsWith('/')))
        {
            var name = entry.FullName;
            if (name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal) || name.Split('/').Any(part => part is "" or "." or ".."))
            {
                throw new PackageException($"it has a file '{name}', which would be written outside of its folder");
            }

            if (!files.TryAdd(name, entry))
            {
                throw new PackageException($"it has the file '{name}' twice");
            }
        }

        return files.Count > limits.Files ? throw new PackageException($"it has {files.Count} files; {limits.Files} are allowed")
            : files.Values.Sum(entry => Math.Max(0, entry.Length)) > limits.UnpackedBytes ? throw new PackageException($"unpacked it is bigger than {limits.UnpackedBytes >> 20} MiB")
            : files;
    }

    /// <summary>An entry's bytes, however few its header promised.</summary>
    private static byte[] Content(ZipArchiveEntry entry, long most)
    {
        using var stream = entry.Open();
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (content.Length + read > most || content.Length + read > entry.Length)
            {
                throw new InvalidDataException($"'{entry.FullName}' is bigger than it says, or than is allowed");
            }

            content.Write(buffer, 0, read);
        }

        return content.Length == entry.Length ? content.ToArray() : throw new InvalidDataException($"'{entry.FullName}' is cut off");
    }

    private static (string Id, string Version) ReadManifest(SortedDictionary<string, ZipArchiveEntry> files)
    {
        var manifests = files.Where(file => !file.Key.Contains('/', StringComparison.Ordinal) && file.Key.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase)).ToList();
        if (manifests is not [var manifest])
        {
            throw new PackageException("it is no NuGet package: it needs one .nuspec at its top");
        }

        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
        using var reader = XmlReader.Create(new MemoryStream(Content(manifest.Value, 1 << 20)), settings);
        var metadata = XDocument.Load(reader).Root?.Elements().FirstOrDefault(element => element.Name.LocalName == "metadata")
            ?? throw new PackageException($"{manifest.Key} has no metadata");
        string? Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();

        CheckContract(metadata);
        var id = Value("id");
        if (id is null || !Id().IsMatch(id) || !string.Equals(id + ".nuspec", manifest.Key, StringComparison.Ordinal))
        {
            throw new PackageException($"'{id}' in {manifest.Key} is no name of an environment: letters, digits, '.', '-' and '_', at most 100, and the file is named as it");
        }

        if (TasksetRegistry.BuiltIn.Names.Contains(id, StringComparer.OrdinalIgnoreCase))
        {
            throw new PackageException($"'{id}' is the name of a built-in environment. Give the package another one.");
        }

        var version = Value("version");
        return PackageVersionComparer.IsVersion(version)
            ? (id, version!)
            : throw new PackageException($"its version '{version}' is none: write MAJOR.MINOR.PATCH");
    }

    private static void CheckContract(XElement metadata)
    {
        var type = metadata.Descendants().FirstOrDefault(element => element.Name.LocalName == "packageType" && element.Attribute("name")?.Value == PackageType)
            ?? throw new PackageException($"it is no environment: it is not of package type {PackageType}. Pack a project made by `intellect3 env new`.");
        var version = type.Attribute("version")?.Value;
        if (version is null || !System.Version.TryParse(version, out var contract) || contract.Major != EnvironmentContract.Version)
        {
            throw new PackageException(
                $"it is built for environment contract {version ?? "(none)"}; this program speaks {EnvironmentContract.Version}. Build it against the SDK package beside this program.");
        }
    }

    private static void CheckReferences(string name, byte[] assembly)
    {
        using var image = new PEReader(new MemoryStream(assembly));
        if (!image.HasMetadata)
        {
            return;
        }

        var metadata = image.GetMetadataReader();
        var references = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));
        var own = metadata.IsAssembly ? metadata.GetString(metadata.GetAssemblyDefinition().Name) : "";
        if (references.Append(own).FirstOrDefault(IsForbidden) is { } forbidden)
        {
            throw new PackageException($"{Path.GetFileName(name)} needs {forbidden}. An environment has no actors, no network and no model in it: reference Intellect3.Environments alone of this program.");
        }
    }

    private static bool IsForbidden(string assembly) =>
        Forbidden.Any(name => assembly.Equals(name, StringComparison.OrdinalIgnoreCase) || assembly.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,98}[A-Za-z0-9_-])?\z")]
    private static partial Regex Id();
}
