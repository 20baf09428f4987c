using System.Collections.Concurrent;
using Intellect3.Actors.Transport;
using Intellect3.Environments.Episodes;
using Intellect3.Environments.Packages;

namespace Intellect3.Actors.Injection;

/// <summary>The packages of a node: files named by their SHA-256 in a folder, served to other nodes under that name. Thread-safe.</summary>
public sealed class PackageStore : IByteSource
{
    /// <summary>Its name among the node's <see cref="ByteSources"/>.</summary>
    public const string SourceName = "packages";

    private readonly string _folder;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, EnvironmentKey> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MemoryContent> _open = new(StringComparer.Ordinal);

    /// <summary>Opens a folder, which is made if it is not there; what is no package in it is left alone.</summary>
    public PackageStore(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var file in Directory.GetFiles(_folder, "*.nupkg"))
        {
            try
            {
                var key = EnvironmentPackage.Open(file).Key;
                if (key.Hash == Path.GetFileNameWithoutExtension(file))
                {
                    _keys[key.Hash] = key;
                }
            }
            catch (PackageException)
            {
                // A write that was cut off; the package comes again from wherever it came from.
            }
        }
    }

    /// <summary>What is there, by name and then by version.</summary>
    public IReadOnlyList<EnvironmentKey> Packages => [.. _keys.Values.OrderBy(key => key.Name, StringComparer.Ordinal).ThenBy(key => key.Version, PackageVersionComparer.Instance)];

    /// <summary>A version of a package, its latest if none is given; null when it is not there.</summary>
    public EnvironmentKey? Find(string name, string? version = null) => Packages.LastOrDefault(key => key.Name == name && (version is null || key.Version == version));

    /// <summary>True when the package with this SHA-256 is there.</summary>
    public bool Has(string sha256) => _keys.ContainsKey(sha256);

    /// <summary>Keeps a package. False when these very bytes are there already.</summary>
    /// <exception cref="PackageException">Other bytes are there under the same name and version.</exception>
    public bool Keep(EnvironmentPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        lock (_lock)
        {
            if (_keys.ContainsKey(package.Key.Hash))
            {
                return false;
            }

            if (Find(package.Key.Name, package.Key.Version) is { } other)
            {
                throw new PackageException($"{other} is here already, with other bytes. A version never changes: raise it and pack again");
            }

            var half = Path.Combine(_folder, $"{package.Key.Hash}.half");
            File.WriteAllBytes(half, package.Bytes.Span);
            File.Move(half, FileOf(package.Key.Hash), overwrite: true);
            _keys[package.Key.Hash] = package.Key;
            return true;
        }
    }

    /// <summary>Reads a package that is there.</summary>
    /// <exception cref="PackageException">It is not there, or was damaged on the disk.</exception>
    public EnvironmentPackage Open(EnvironmentKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var package = EnvironmentPackage.Open(FileOf(key.Hash));
        return package.Key == key ? package : throw new PackageException($"the file of {key} was changed on the disk");
    }

    /// <summary>What other nodes pull the package by; null when it is not there.</summary>
    /// <param name="sha256">The package.</param>
    /// <param name="node">Where this node serves its bytes.</param>
    public ContentRef? RefTo(string sha256, NodeAddress node)
    {
        using var content = ((IByteSource)this).Open(sha256);
        return content is null ? null : new ContentRef(node, $"{SourceName}/{sha256}", content.Digest.Length, content.Digest.Root);
    }

    IByteContent? IByteSource.Open(string key) => Has(key) ? _open.GetOrAdd(key, sha256 => new MemoryContent(File.ReadAllBytes(FileOf(sha256)))) : null;

    private string FileOf(string sha256) => Path.Combine(_folder, sha256 + ".nupkg");
}
