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
            root = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new FormatException("config.json is not an object");
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

        // transformers 5 writes rope_parameters; before it was rope_theta and rope_scaling.
        var rope = root["rope_parameters"] as JsonObject;
        foreach (var scaling in new[] { rope, root["rope_scaling"] as JsonObject })
        {
            if ((scaling?["rope_type"] ?? scaling?["type"])?.ToString() is { } kind and not "default")
            {
                throw new FormatException($"config.json: rotary positions scaled by '{kind}' are not supported");
            }
        }

        if (Optional<bool>(root, "attention_bias") == true || Optional<bool>(root, "mlp_bias") == true)
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
            RmsNormEpsilon = Optional<double>(root, "rms_norm_eps") ?? 1e-6,
            RopeTheta = Optional<double>(root, "rope_theta") ?? (rope is null ? null : Optional<double>(rope, "rope_theta")) ?? 10_000,
            TieWordEmbeddings = Optional<bool>(root, "tie_word_embeddings") ?? false,
            QueryKeyNorm = type == "qwen3",
            MaxPositions = Number(root, "max_position_embeddings", 2048),
            BosTokenId = Optional<int>(root, "bos_token_id"),
            EosTokenIds = root["eos_token_id"] is JsonArray list ? [.. list.Select(id => Value<int>(id, "eos_token_id"))] : Optional<int>(root, "eos_token_id") is { } one ? [one] : [],
            PadTokenId = Optional<int>(root, "pad_token_id"),
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
        var value = Optional<int>(root, name) ?? otherwise ?? throw new FormatException($"config.json: '{name}' is missing");
        return value > 0 ? value : throw new FormatException($"config.json: '{name}' is {value}; it must be at least 1");
    }

    private static T? Optional<T>(JsonObject root, string name)
        where T : struct => root[name] is { } node ? Value<T>(node, name) : null;

    private static T Value<T>(JsonNode? node, string name)
    {
        try
        {
            return node!.AsValue().GetValue<T>();
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new FormatException($"config.json: '{name}' is {node?.ToJsonString() ?? "null"}, which is not a value of type {typeof(T).Name}", exception);
        }
    }
}
