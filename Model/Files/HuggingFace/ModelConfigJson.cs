using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Intellect3.Model.Configuration;

namespace Intellect3.Model.Files.HuggingFace;

/// <summary>config.json to <see cref="ModelConfig"/> and back.</summary>
public static class ModelConfigJson
{
    /// <summary>Families that can be read.</summary>
    public static IReadOnlyList<string> ModelTypes { get; } = ["llama", "qwen3"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads a config.</summary>
    /// <exception cref="FormatException">A member is missing or of a wrong kind, or the model is one that we do not run; says which.</exception>
    public static ModelConfig Read(string json)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(json) as JsonObject ?? throw new FormatException("config.json is not an object");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"config.json is not JSON: {exception.Message}", exception);
        }

        var type = Text(root, "model_type");
        if (!ModelTypes.Contains(type))
        {
            throw new FormatException($"config.json: model_type '{type}' is not supported; there are {string.Join(", ", ModelTypes)}");
        }

        if (root["rope_scaling"] is JsonObject scaling && (scaling["rope_type"] ?? scaling["type"])?.ToString() is not (null or "default"))
        {
            throw new FormatException($"config.json: rope_scaling of type '{scaling["rope_type"] ?? scaling["type"]}' is not supported");
        }

        if (root["attention_bias"]?.GetValue<bool>() == true || root["mlp_bias"]?.GetValue<bool>() == true)
        {
            throw new FormatException("config.json: biases in attention or feed-forward layers are not supported");
        }

        var heads = Number(root, "num_attention_heads");
        var hidden = Number(root, "hidden_size");
        return new ModelConfig
        {
            ModelType = type,
            VocabularySize = Number(root, "vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = Number(root, "intermediate_size"),
            Layers = Number(root, "num_hidden_layers"),
            AttentionHeads = heads,
            KeyValueHeads = Number(root, "num_key_value_heads", heads),
            HeadDimension = Number(root, "head_dim", hidden / Math.Max(1, heads)),
            RmsNormEpsilon = root["rms_norm_eps"]?.GetValue<double>() ?? 1e-6,
            RopeTheta = root["rope_theta"]?.GetValue<double>() ?? (root["rope_parameters"] as JsonObject)?["rope_theta"]?.GetValue<double>() ?? 10_000,
            TieWordEmbeddings = root["tie_word_embeddings"]?.GetValue<bool>() ?? false,
            QueryKeyNorm = type == "qwen3",
            MaxPositions = Number(root, "max_position_embeddings", 2048),
            BosTokenId = Optional(root, "bos_token_id"),
            EosTokenIds = root["eos_token_id"] switch
            {
                null => [],
                JsonArray list => [.. list.Select(id => id!.GetValue<int>())],
                var one => [one.GetValue<int>()],
            },
            PadTokenId = Optional(root, "pad_token_id"),
        };
    }

    /// <summary>Writes a config as transformers reads it.</summary>
    public static string Write(ModelConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var root = new JsonObject
        {
            ["architectures"] = new JsonArray(config.ModelType == "qwen3" ? "Qwen3ForCausalLM" : "LlamaForCausalLM"),
            ["model_type"] = config.ModelType,
            ["vocab_size"] = config.VocabularySize,
            ["hidden_size"] = config.HiddenSize,
            ["intermediate_size"] = config.IntermediateSize,
            ["num_hidden_layers"] = config.Layers,
            ["num_attention_heads"] = config.AttentionHeads,
            ["num_key_value_heads"] = config.KeyValueHeads,
            ["head_dim"] = config.HeadDimension,
            ["hidden_act"] = "silu",
            ["rms_norm_eps"] = config.RmsNormEpsilon,
            ["rope_theta"] = config.RopeTheta,
            ["tie_word_embeddings"] = config.TieWordEmbeddings,
            ["max_position_embeddings"] = config.MaxPositions,
            ["attention_bias"] = false,
            ["torch_dtype"] = "float32",
            ["bos_token_id"] = config.BosTokenId,
            ["eos_token_id"] = config.EosTokenIds.Count == 1 ? config.EosTokenIds[0] : new JsonArray([.. config.EosTokenIds.Select(id => JsonValue.Create(id))]),
            ["pad_token_id"] = config.PadTokenId,
        };
        return root.ToJsonString(Indented) + "\n";
    }

    private static string Text(JsonObject root, string name) => root[name]?.ToString() ?? throw new FormatException($"config.json: '{name}' is missing");

    private static int Number(JsonObject root, string name, int? otherwise = null)
    {
        var value = Optional(root, name) ?? otherwise ?? throw new FormatException($"config.json: '{name}' is missing");
        return value > 0 ? value : throw new FormatException($"config.json: '{name}' is {value}; it must be at least 1");
    }

    private static int? Optional(JsonObject root, string name)
    {
        try
        {
            return root[name] is JsonValue value ? value.GetValue<int>() : null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new FormatException($"config.json: '{name}' is not a whole number", exception);
        }
    }
}
