using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Intellect3.Model.Files;

namespace Intellect3.Model.Tokenization;

/// <summary>The character tokenizer as a tokenizer.json that Hugging Face's tokenizers load: a word-level vocabulary behind a split into characters.</summary>
internal static class CharacterTokenizerFile
{
    public const string FileName = "tokenizer.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Save(string folder)
    {
        AtomicFile.WriteText(Path.Combine(folder, FileName), Tokenizer().ToJsonString(Indented) + "\n");
        var config = new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = CharacterTokenizer.Bos,
            ["eos_token"] = CharacterTokenizer.Eos,
            ["pad_token"] = CharacterTokenizer.Pad,
            ["unk_token"] = CharacterTokenizer.Unknown,
            ["clean_up_tokenization_spaces"] = false,
        };
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer_config.json"), config.ToJsonString(Indented) + "\n");
    }

    /// <summary>True when a tokenizer.json is exactly ours.</summary>
    public static bool IsOurs(JsonNode tokenizer) => JsonNode.DeepEquals(tokenizer, Tokenizer());

    private static JsonObject Tokenizer()
    {
        var vocabulary = new JsonObject();
        for (var id = 0; id < CharacterTokenizer.Vocabulary.Count; id++)
        {
            vocabulary[CharacterTokenizer.Vocabulary[id]] = id;
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. CharacterTokenizer.Specials.Select((token, id) => new JsonObject
            {
                ["id"] = id,
                ["content"] = token,
                ["single_word"] = false,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = false,
                ["special"] = true,
            })]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Split",
                ["pattern"] = new JsonObject { ["Regex"] = "[\\s\\S]" },
                ["behavior"] = "Isolated",
                ["invert"] = false,
            },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "Fuse" },
            ["model"] = new JsonObject
            {
                ["type"] = "WordLevel",
                ["vocab"] = vocabulary,
                ["unk_token"] = CharacterTokenizer.Unknown,
            },
        };
    }
}
