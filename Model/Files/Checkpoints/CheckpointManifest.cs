using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Intellect3.Model.Files.Checkpoints;

/// <summary>manifest.json: what a checkpoint is and the length and SHA-256 of its every file, sealed by a SHA-256 of itself.</summary>
internal sealed record CheckpointManifest
{
    public const string FileName = "manifest.json";
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required int Format { get; init; }

    public required string Name { get; init; }

    public required string Phase { get; init; }

    public required int Step { get; init; }

    public required long OptimizerStep { get; init; }

    public required SortedDictionary<string, string> Extras { get; init; }

    /// <summary>By path relative to the checkpoint, with '/'.</summary>
    public required SortedDictionary<string, FileSeal> Files { get; init; }

    /// <summary>SHA-256 of this manifest's text with this member empty.</summary>
    public string Seal { get; init; } = "";

    public static CheckpointManifest Of(CheckpointState state, string folder) => new()
    {
        Format = CurrentFormat,
        Name = state.Name,
        Phase = state.Phase,
        Step = state.Step,
        OptimizerStep = state.Optimizer.Step,
        Extras = new(state.Extras.ToDictionary(), StringComparer.Ordinal),
        Files = new(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), path => new FileSeal(new FileInfo(path).Length, FileDigest.Sha256(path))),
            StringComparer.Ordinal),
    };

    public string ToJson()
    {
        var unsealed = JsonSerializer.Serialize(this with { Seal = "" }, Options);
        return JsonSerializer.Serialize(this with { Seal = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(unsealed))) }, Options) + "\n";
    }

    /// <summary>Reads the manifest of the checkpoint in <paramref name="folder"/> and holds every file against it.</summary>
    /// <exception cref="InvalidDataException">Says what is missing or damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static CheckpointManifest Verify(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var manifest = Parse(File.Exists(path) ? File.ReadAllText(path) : throw new InvalidDataException($"{FileName} is missing"));
        if (manifest.Name != Path.GetFileName(folder))
        {
            throw new InvalidDataException($"{FileName} is that of {manifest.Name}");
        }

        foreach (var (file, seal) in manifest.Files)
        {
            var info = new FileInfo(Path.Combine(folder, file));
            if (!info.Exists)
            {
                throw new InvalidDataException($"{file} is missing");
            }

            if (info.Length != seal.Length)
            {
                throw new InvalidDataException($"{file} is {info.Length} bytes long and was {seal.Length}");
            }

            if (FileDigest.Sha256(info.FullName) != seal.Sha256)
            {
                throw new InvalidDataException($"{file} is damaged: its SHA-256 is not the manifest's");
            }
        }

        return manifest;
    }

    private static CheckpointManifest Parse(string text)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<CheckpointManifest>(text, Options) ?? throw new InvalidDataException($"{FileName} is empty");
            if (manifest.Format != CurrentFormat)
            {
                throw new InvalidDataException($"{FileName} is of format {manifest.Format}; this program reads {CurrentFormat}");
            }

            return manifest.ToJson() == text ? manifest : throw new InvalidDataException($"{FileName} is damaged: it does not have its seal");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{FileName} is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>What a file must be.</summary>
    internal sealed record FileSeal(long Length, string Sha256);
}
