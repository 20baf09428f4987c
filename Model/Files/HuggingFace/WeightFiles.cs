using System.Text.Json;
using Intellect3.Model.Files.Safetensors;

namespace Intellect3.Model.Files.HuggingFace;

/// <summary>The weights of a model folder, in one file or in several that an index lists: which open file has which tensor.</summary>
internal sealed class WeightFiles : IDisposable
{
    private readonly List<SafetensorsFile> _files = [];
    private readonly SortedDictionary<string, SafetensorsFile> _fileOf = new(StringComparer.Ordinal);

    private WeightFiles()
    {
    }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyCollection<string> Names => _fileOf.Keys;

    /// <summary>The file that has a tensor.</summary>
    public SafetensorsFile this[string name] => _fileOf[name];

    /// <summary>Opens all of them and checks their headers.</summary>
    /// <exception cref="ModelFolderException">There are none, or the index is damaged.</exception>
    /// <exception cref="SafetensorsException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static WeightFiles Open(string folder)
    {
        var weights = new WeightFiles();
        try
        {
            foreach (var name in FileNames(folder))
            {
                weights.Add(folder, name);
            }

            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public bool Contains(string name) => _fileOf.ContainsKey(name);

    public void Dispose() => _files.ForEach(f => f.Dispose());

    private static List<string> FileNames(string folder)
    {
        var index = Path.Combine(folder, ModelFolder.IndexFile);
        if (File.Exists(Path.Combine(folder, ModelFolder.WeightsFile)))
        {
            return [ModelFolder.WeightsFile];
        }

        if (!File.Exists(index))
        {
            throw new ModelFolderException(folder, $"has neither {ModelFolder.WeightsFile} nor {ModelFolder.IndexFile}; it is incomplete, save or fetch it again");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index), new JsonDocumentOptions { AllowDuplicateProperties = false });
            var names = document.RootElement.GetProperty("weight_map").EnumerateObject().Select(p => p.Value.GetString() ?? "").Distinct().Order(StringComparer.Ordinal).ToList();
            if (names.FirstOrDefault(n => n.Length == 0 || n != Path.GetFileName(n)) is { } outside)
            {
                throw new ModelFolderException(folder, $"{ModelFolder.IndexFile} is damaged: it names '{outside}', which is no file of the folder; save or fetch it again");
            }

            return names;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ModelFolderException(folder, $"{ModelFolder.IndexFile} is damaged: {exception.Message}; save or fetch it again", exception);
        }
    }

    private void Add(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        var file = File.Exists(path) ? SafetensorsFile.Open(path) : throw new ModelFolderException(folder, $"lacks {name}, which its index names; it is incomplete, save or fetch it again");
        _files.Add(file);
        foreach (var tensor in file.Entries.Keys)
        {
            if (!_fileOf.TryAdd(tensor, file))
            {
                throw new ModelFolderException(folder, $"has tensor '{tensor}' twice, in {Path.GetFileName(_fileOf[tensor].Path)} and in {name}; save or fetch it again");
            }
        }
    }
}
