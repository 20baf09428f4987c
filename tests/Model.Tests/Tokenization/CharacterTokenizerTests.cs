using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Tokenization;

namespace Intellect3.Model.Tests.Tokenization;

/// <summary>One token a character, there and back.</summary>
public sealed class CharacterTokenizerTests : IDisposable
{
    private static readonly CharacterTokenizer Tokenizer = new();
    private readonly TemporaryFolder _folder = new();

    /// <summary>Texts of the characters that have a token.</summary>
    public static Gen<string> Texts => Gen.Elements((char[])['\n', .. Enumerable.Range(' ', 95).Select(c => (char)c)]).ArrayOf().Select(characters => new string(characters));

    public void Dispose() => _folder.Dispose();

    [Property]
    public Property A_text_comes_back() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var ids = Tokenizer.Encode(text);
        Assert.Equal(text.Length, ids.Count);
        Assert.All(ids, id => Assert.InRange(id, CharacterTokenizer.NewlineId, Tokenizer.VocabularySize - 1));
        Assert.Equal(text, Tokenizer.Decode(ids));
    });

    [Property]
    public void Any_text_is_one_token_a_code_point(string? text)
    {
        text ??= "";
        Assert.Equal(text.EnumerateRunes().Count(), Tokenizer.Encode(text).Count);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("\t")]
    [InlineData("\r")]
    [InlineData("\u007f")]
    [InlineData("😀")]
    public void A_character_without_a_token_is_unknown(string character)
    {
        Assert.Equal([CharacterTokenizer.UnknownId], Tokenizer.Encode(character));
        Assert.Null(Tokenizer.TokenId(character));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_unknown() => Assert.Equal([CharacterTokenizer.UnknownId], Tokenizer.Encode("\ud83d"));

    [Fact]
    public void Text_never_becomes_a_special_token() => Assert.Equal(5, Tokenizer.Encode("<eos>").Count);

    [Fact]
    public void Special_tokens_are_shown_on_demand()
    {
        int[] ids = [CharacterTokenizer.BosId, .. Tokenizer.Encode("a"), CharacterTokenizer.EosId];
        Assert.Equal("a", Tokenizer.Decode(ids));
        Assert.Equal("<bos>a<eos>", Tokenizer.Decode(ids, skipSpecialTokens: false));
    }

    [Fact]
    public void A_tokens_text_gives_its_id()
    {
        for (var id = 0; id < Tokenizer.VocabularySize; id++)
        {
            Assert.Equal(id, Tokenizer.TokenId(CharacterTokenizer.Vocabulary[id]));
        }

        Assert.Null(Tokenizer.TokenId("ab"));
        Assert.Null(Tokenizer.TokenId(""));
    }

    /// <summary>What tokenizers (Rust) needs of a tokenizer.json: every member of the format, ids without gaps, specials marked.</summary>
    [Fact]
    public void Tokenizer_json_has_the_shape_that_hugging_face_reads()
    {
        Tokenizer.Save(_folder.Path);
        var json = JsonNode.Parse(File.ReadAllText(_folder["tokenizer.json"]))!.AsObject();
        Assert.Equal(["version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model"], json.Select(p => p.Key));
        Assert.Equal("WordLevel", json["model"]!["type"]!.GetValue<string>());
        Assert.Equal(Enumerable.Range(0, Tokenizer.VocabularySize), json["model"]!["vocab"]!.AsObject().Select(p => p.Value!.GetValue<int>()));
        Assert.Equal(CharacterTokenizer.Vocabulary, json["model"]!["vocab"]!.AsObject().Select(p => p.Key));
        Assert.Equal(CharacterTokenizer.Specials, json["added_tokens"]!.AsArray().Select(t => t!["content"]!.GetValue<string>()));
        Assert.All(json["added_tokens"]!.AsArray(), t => Assert.True(t!["special"]!.GetValue<bool>()));
        Assert.Equal("<eos>", JsonNode.Parse(File.ReadAllText(_folder["tokenizer_config.json"]))!["eos_token"]!.GetValue<string>());
    }

    [Fact]
    public void A_saved_tokenizer_is_loaded()
    {
        Tokenizer.Save(_folder.Path);
        Assert.Equal(Tokenizer.Encode("1+1"), TokenizerFile.Load(_folder.Path).Encode("1+1"));
    }

    [Theory]
    [InlineData(null, "has no tokenizer.json; work on token ids, or save the tokenizer beside the model")]
    [InlineData("{", "tokenizer.json is not JSON")]
    [InlineData("null", "of a kind that is not supported")]
    [InlineData("""{"model":{"type":"BPE"}}""", "of a kind that is not supported")]
    [InlineData("""{"version":"1.0","version":"1.0"}""", "tokenizer.json is not JSON")]
    public void Another_tokenizer_is_refused(string? json, string message)
    {
        if (json is not null)
        {
            File.WriteAllText(_folder["tokenizer.json"], json);
        }

        var thrown = Assert.Throws<ModelFolderException>(() => TokenizerFile.Load(_folder.Path));
        Assert.Contains(_folder.Path, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }
}
