using System.Text.Json;
using System.Text.Json.Nodes;
using Intellect3.Model.Configuration;
using Intellect3.Model.Files.Safetensors;
using Intellect3.Model.Parameters;
using Intellect3.Model.Tokenization;

namespace Intellect3.Model.Files.HuggingFace;

/// <summary>Model folders as Hugging Face lays them out: config.json, model.safetensors (or its shards with an index), tokenizer.json.</summary>
public static class ModelFolder
{
    public const string ConfigFile = "config.json";
    public const string WeightsFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    /// <summary>The shape of a folder's model.</summary>
    /// <exception cref="ModelFolderException">There is none, or none that we run.</exception>
    public static ModelConfig LoadConfig(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        if (!File.Exists(path))
        {
            throw new ModelFolderException(folder, Directory.Exists(folder)
                ? "has no config.json; give the folder that a run wrote (RUNDIR/final), or one in Hugging Face's layout"
                : "does not exist; give the folder that a run wrote (RUNDIR/final), or one in Hugging Face's layout");
        }

        try
        {
            return ModelConfigJson.Read(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is FormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFolderException(folder, exception.Message, exception);
        }
    }

    /// <summary>Config and weights, as float32 whatever is stored. The caller disposes what comes back.</summary>
    /// <exception cref="ModelFolderException">A file is missing or damaged, or a tensor is missing or of another shape; says which and what to do.</exception>
    public static LoadedModel Load(string folder)
    {
        var config = LoadConfig(folder);
        var parameters = new ParameterSet(ParameterLayout.For(config));
        try
        {
            var missing = parameters.Layout.Tensors.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var path in WeightFiles(folder))
            {
                ReadFile(folder, path, parameters, missing);
            }

            return missing.Count == 0
                ? new LoadedModel(config, parameters)
                : throw new ModelFolderException(folder, $"lacks {missing.Count} tensors, the first being '{missing.Order(StringComparer.Ordinal).First()}'; config.json and weights do not belong together");
        }
        catch (Exception exception)
        {
            parameters.Dispose();
            throw exception is SafetensorsException or IOException ? new ModelFolderException(folder, exception.Message, exception) : exception;
        }
    }

    /// <summary>Writes a folder as a whole: it appears complete or not at all.</summary>
    public static void Save(string folder, ModelConfig config, ParameterSet parameters, CharacterTokenizer? tokenizer) =>
        AtomicFolder.Write(folder, temporary => Write(temporary, config, parameters, tokenizer));

    /// <summary>Writes the files into an existing folder.</summary>
    public static void Write(string folder, ModelConfig config, ParameterSet parameters, CharacterTokenizer? tokenizer)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        AtomicFolder.WriteText(Path.Combine(folder, ConfigFile), ModelConfigJson.Write(config));
        tokenizer?.Save(folder);
        SafetensorsWriter.Write(
            Path.Combine(folder, WeightsFile),
            parameters.Layout.Tensors.Select(t => (t.Name, t.Shape, (ReadOnlyMemory<float>)parameters[t.Name].ToArray())));
    }

    private static IEnumerable<string> WeightFiles(string folder)
    {
        var single = Path.Combine(folder, WeightsFile);
        var index = Path.Combine(folder, IndexFile);
        if (File.Exists(single))
        {
            return [single];
        }

        if (!File.Exists(index))
        {
            throw new ModelFolderException(folder, $"has neither {WeightsFile} nor {IndexFile}; it is incomplete, save or fetch it again");
        }

        try
        {
            return [.. JsonNode.Parse(File.ReadAllText(index), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!["weight_map"]!.AsObject().Select(p => Path.Combine(folder, Path.GetFileName(p.Value!.ToString()))).Distinct().Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new ModelFolderException(folder, $"{IndexFile} is damaged: {exception.Message}", exception);
        }
    }

    private static void ReadFile(string folder, string path, ParameterSet parameters, HashSet<string> missing)
    {
        if (!File.Exists(path))
        {
            throw new ModelFolderException(folder, $"lacks {Path.GetFileName(path)}, which its index names; it is incomplete, save or fetch it again");
        }

        using var file = SafetensorsFile.Open(path);
        foreach (var entry in file.Entries.Values)
        {
            if (!parameters.Layout.Contains(entry.Name))
            {
                // A tied head may be stored beside the embedding it equals.
                if (entry.Name is "lm_head.weight" || entry.Name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal))
                {
                    continue;
                }

                throw new ModelFolderException(folder, $"has a tensor '{entry.Name}' that a model of this config does not have");
            }

            var spec = parameters.Layout[entry.Name];
            if (!entry.Shape.SequenceEqual(spec.Shape.Select(size => (long)size)))
            {
                throw new ModelFolderException(folder, $"tensor '{entry.Name}' is [{string.Join(", ", entry.Shape)}], and config.json makes it [{string.Join(", ", spec.Shape)}]");
            }

            file.ReadSingles(entry.Name, parameters[entry.Name]);
            missing.Remove(entry.Name);
        }
    }
}
