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

    private const string GenerationFile = "generation_config.json";
    private const int NamesShown = 5;

    /// <summary>The shape of a folder's model. The end tokens of its generation_config.json, where there is one, follow those of config.json.</summary>
    /// <exception cref="ModelFolderException">There is none, or none that we run.</exception>
    public static ModelConfig LoadConfig(string folder)
    {
        if (!HoldsModel(folder))
        {
            throw new ModelFolderException(folder, $"{(Directory.Exists(folder) ? $"has no {ConfigFile}" : "does not exist")}; give the folder that a run wrote (RUNDIR/final), or one in Hugging Face's layout");
        }

        try
        {
            var config = ModelConfigJson.Read(File.ReadAllText(Path.Combine(folder, ConfigFile)));
            var generation = Path.Combine(folder, GenerationFile);
            return File.Exists(generation) ? config with { EosTokenIds = [.. config.EosTokenIds, .. ModelConfigJson.ReadEndTokens(File.ReadAllText(generation), config)] } : config;
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFolderException(folder, exception.Message, exception);
        }
    }

    /// <summary>Config and weights, as float32 whatever is stored. The caller disposes what comes back.</summary>
    /// <exception cref="ModelFolderException">A file is missing or damaged, or the tensors are not those of the config; says which and what to do.</exception>
    public static LoadedModel Load(string folder)
    {
        var config = LoadConfig(folder);
        try
        {
            using var weights = WeightFiles.Open(folder);
            var layout = ParameterLayout.For(config);
            CheckTensors(folder, config, layout, weights);
            if (layout.Count > Array.MaxLength)
            {
                throw new ModelFolderException(folder, $"has a model of {layout.Count} parameters; at most {Array.MaxLength} are supported");
            }

            return new LoadedModel(config, Read(layout, weights));
        }
        catch (Exception exception) when (exception is SafetensorsException or IOException or UnauthorizedAccessException)
        {
            throw new ModelFolderException(folder, exception.Message, exception);
        }
    }

    /// <summary>Writes a folder as a whole, replacing a model that is there: it appears complete or not at all.</summary>
    /// <exception cref="ModelFolderException">It cannot be written, or there is something that is no model; nothing is changed.</exception>
    public static void Save(string folder, ModelConfig config, ParameterSet parameters, CharacterTokenizer? tokenizer)
    {
        if (Directory.Exists(folder) && !HoldsModel(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new ModelFolderException(folder, "holds something that is no model; choose another folder or empty it");
        }

        try
        {
            AtomicFolder.Write(folder, temporary => Write(temporary, config, parameters, tokenizer));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFolderException(folder, $"could not be written: {exception.Message}; make room, or choose a folder that can be written", exception);
        }
    }

    /// <summary>Writes the files into an existing folder.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Write(string folder, ModelConfig config, ParameterSet parameters, CharacterTokenizer? tokenizer)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        AtomicFile.WriteText(Path.Combine(folder, ConfigFile), ModelConfigJson.Write(config));
        tokenizer?.Save(folder);
        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), parameters.Layout.Tensors, tensor => parameters[tensor.Name]);
    }

    private static bool HoldsModel(string folder) => File.Exists(Path.Combine(folder, ConfigFile));

    private static ParameterSet Read(ParameterLayout layout, WeightFiles weights)
    {
        var parameters = new ParameterSet(layout);
        try
        {
            foreach (var tensor in layout.Tensors)
            {
                weights[tensor.Name].ReadSingles(tensor.Name, parameters[tensor.Name]);
            }

            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }

    private static void CheckTensors(string folder, ModelConfig config, ParameterLayout layout, WeightFiles weights)
    {
        Refuse(folder, "lacks", layout.Tensors.Where(t => !weights.Contains(t.Name)).Select(t => t.Name));
        Refuse(folder, "has in excess", weights.Names.Where(name => !layout.Contains(name) && !IsIgnored(name, config)));
        Refuse(folder, "has in another shape than config.json asks for", layout.Tensors
            .Select(t => (t.Name, Asked: t.Shape.Select(size => (long)size), Stored: weights[t.Name].Entries[t.Name].Shape))
            .Where(t => !t.Asked.SequenceEqual(t.Stored))
            .Select(t => $"{t.Name} ([{string.Join(", ", t.Stored)}], not [{string.Join(", ", t.Asked)}])"));
    }

    /// <summary>What older checkpoints carry along: a copy of a tied head, and tables that follow from the config.</summary>
    private static bool IsIgnored(string name, ModelConfig config) =>
        (config.TieWordEmbeddings && name == "lm_head.weight") || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    private static void Refuse(string folder, string problem, IEnumerable<string> tensors)
    {
        var names = tensors.ToList();
        if (names.Count > 0)
        {
            var more = names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "";
            throw new ModelFolderException(folder, $"{problem} {string.Join(", ", names.Take(NamesShown))}{more}; config.json and weights do not belong together, save or fetch them again");
        }
    }
}
