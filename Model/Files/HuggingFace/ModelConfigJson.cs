using System.Text.Json;
using Intellect3.Model.Configuration;

namespace Intellect3.Model.Files.HuggingFace;

/// <summary>
/// config.json to <see cref="ModelConfig"/> and back. Both the names of the hub (transformers 4) and those of transformers 5 are read; the former are
/// written, which both read.
/// </summary>
public static class ModelConfigJson
{
    private const string FileName = "config.json";

    // Far above any model, and low enough that the product of two fits a long and a tensor's row an int.
    private const int LargestSize = 1 << 24;
    private const int MostLayers = 4096;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly SortedDictionary<string, (string Architecture, bool QueryKeyNorm)> Families = new(StringComparer.Ordinal)
    {
        ["llama"] = ("LlamaForCausalLM", false),
        ["qwen3"] = ("Qwen3ForCausalLM", true),
    };

    /// <summary>Reads a config.</summary>
    /// <exception cref="FormatException">A member is missing, of a wrong kind or out of range, or the model is one that we do not run; says which.</exception>
    public static ModelConfig Read(string json)
    {
        var fields = JsonFields.Parse(json, FileName);
        var type = fields.Text("model_type") ?? throw fields.Bad("model_type", "is missing");
        if (!Families.TryGetValue(type, out var family))
        {
            throw fields.Bad("model_type", $"is '{type}', which is not supported; there are {string.Join(", ", Families.Keys)}");
        }

        RefuseUnsupported(fields);
        var (hidden, heads) = (fields.RequiredSize("hidden_size", LargestSize), fields.RequiredSize("num_attention_heads", LargestSize));
        var vocabulary = fields.RequiredSize("vocab_size", LargestSize);
        var config = new ModelConfig
        {
            ModelType = type,
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = fields.RequiredSize("intermediate_size", LargestSize),
            Layers = fields.RequiredSize("num_hidden_layers", MostLayers),
            AttentionHeads = heads,
            KeyValueHeads = fields.Whole("num_key_value_heads", 1, LargestSize) ?? heads,
            HeadDimension = fields.Whole("head_dim", 1, LargestSize) ?? hidden / heads,
            RmsNormEpsilon = fields.Positive("rms_norm_eps") ?? 1e-6,
            RopeTheta = fields.Object("rope_parameters")?.Positive("rope_theta") ?? fields.Positive("rope_theta") ?? 10_000,
            TieWordEmbeddings = fields.Flag("tie_word_embeddings") ?? false,
            QueryKeyNorm = family.QueryKeyNorm,
            MaxPositions = fields.Whole("max_position_embeddings", 1, int.MaxValue) ?? 2048,
            BosTokenId = fields.Whole("bos_token_id", 0, vocabulary - 1),
            EosTokenIds = fields.OneOrMore("eos_token_id", 0, vocabulary - 1),
            PadTokenId = fields.Whole("pad_token_id", 0, vocabulary - 1),
        };
        if (heads % config.KeyValueHeads != 0)
        {
            throw fields.Bad("num_attention_heads", $"is {heads}; it must be a multiple of num_key_value_heads ({config.KeyValueHeads})");
        }

        return config.HeadDimension > 0 && config.HeadDimension % 2 == 0 && (long)heads * config.HeadDimension <= LargestSize
            ? config
            : throw fields.Bad("head_dim", $"is {config.HeadDimension}; it must be even, at least 2, and times num_attention_heads at most {LargestSize}");
    }

    /// <summary>The end tokens that a generation_config.json gives beyond those of a config.</summary>
    /// <exception cref="FormatException">They are not tokens of the vocabulary.</exception>
    public static IReadOnlyList<int> ReadEndTokens(string generationConfig, ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return [.. JsonFields.Parse(generationConfig, "generation_config.json").OneOrMore("eos_token_id", 0, config.VocabularySize - 1).Except(config.EosTokenIds)];
    }

    /// <summary>Writes a config as transformers reads it.</summary>
    /// <exception cref="ArgumentException">The family is not supported, or the q/k norm is not the family's.</exception>
    public static string Write(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!Families.TryGetValue(config.ModelType, out var family) || family.QueryKeyNorm != config.QueryKeyNorm)
        {
            throw new ArgumentException($"{FileName} cannot describe a '{config.ModelType}' {(config.QueryKeyNorm ? "with" : "without")} q/k norm", nameof(config));
        }

        object? endTokens = config.EosTokenIds.Count switch { 0 => null, 1 => config.EosTokenIds[0], _ => config.EosTokenIds };
        var fields = new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["architectures"] = new[] { family.Architecture },
            ["attention_bias"] = false,
            ["bos_token_id"] = config.BosTokenId,
            ["eos_token_id"] = endTokens,
            ["head_dim"] = config.HeadDimension,
            ["hidden_act"] = "silu",
            ["hidden_size"] = config.HiddenSize,
            ["intermediate_size"] = config.IntermediateSize,
            ["max_position_embeddings"] = config.MaxPositions,
            ["model_type"] = config.ModelType,
            ["num_attention_heads"] = config.AttentionHeads,
            ["num_hidden_layers"] = config.Layers,
            ["num_key_value_heads"] = config.KeyValueHeads,
            ["pad_token_id"] = config.PadTokenId,
            ["rms_norm_eps"] = config.RmsNormEpsilon,
            ["rope_scaling"] = null,
            ["rope_theta"] = config.RopeTheta,
            ["tie_word_embeddings"] = config.TieWordEmbeddings,
            ["torch_dtype"] = "float32",
            ["vocab_size"] = config.VocabularySize,
        };
        return JsonSerializer.Serialize(fields, Indented) + "\n";
    }

    /// <summary>What would change the arithmetic and is not built is an error, never ignored.</summary>
    private static void RefuseUnsupported(JsonFields fields)
    {
        foreach (var name in (ReadOnlySpan<string>)["rope_scaling", "rope_parameters"])
        {
            if (fields.Object(name) is { } rope && (rope.Text("rope_type") ?? rope.Text("type")) is { } kind and not "default")
            {
                throw fields.Bad(name, $"scales rotary positions by '{kind}', which is not supported");
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["attention_bias", "mlp_bias", "use_sliding_window"])
        {
            if (fields.Flag(name) == true)
            {
                throw fields.Bad(name, "is true, which is not supported");
            }
        }

        if (fields.Text("hidden_act") is { } activation and not "silu")
        {
            throw fields.Bad("hidden_act", $"is '{activation}', which is not supported; there is silu");
        }
    }
}
