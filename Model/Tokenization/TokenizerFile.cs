using System.Text.Json;
using System.Text.Json.Nodes;
using Intellect3.Model.Files.HuggingFace;

namespace Intellect3.Model.Tokenization;

/// <summary>Loads the tokenizer of a model folder.</summary>
public static class TokenizerFile
{
    /// <summary>The tokenizer of a folder.</summary>
    /// <exception cref="ModelFolderException">It has none, or one of a kind that is not supported.</exception>
    public static CharacterTokenizer Load(string folder)
    {
        var path = Path.Combine(folder, CharacterTokenizerFile.FileName);
        if (!File.Exists(path))
        {
            throw new ModelFolderException(folder, "has no tokenizer.json; work on token ids, or save the tokenizer beside the model");
        }

        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is { } json && CharacterTokenizerFile.IsOurs(json)
                ? new CharacterTokenizer()
                : throw new ModelFolderException(folder, "tokenizer.json is of a kind that is not supported: only the character tokenizer that runs write is");
        }
        catch (JsonException exception)
        {
            throw new ModelFolderException(folder, $"tokenizer.json is not JSON: {exception.Message}", exception);
        }
    }
}
