using System.Text.Json.Nodes;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Parameters;
using Intellect3.Model.Tests.Inference;
using Intellect3.Model.Tokenization;

namespace Intellect3.Model.Tests.Files;

/// <summary>Model folders come back to the bit, and one that cannot be used is refused with its name and what to do.</summary>
public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ParameterSet _parameters = TestModels.Parameters(TestModels.Llama, 1);

    private string Model => _folder["model"];

    public void Dispose()
    {
        _parameters.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(nameof(TestModels.Qwen3))]
    [InlineData(nameof(TestModels.Llama))]
    public void What_was_saved_comes_back_to_the_bit(string name)
    {
        var config = TestModels.Named(name) with { BosTokenId = 1, EosTokenIds = [2, 4], PadTokenId = 0 };
        using var parameters = TestModels.Parameters(config, 2);
        ModelFolder.Save(Model, config, parameters, new CharacterTokenizer());
        using var loaded = ModelFolder.Load(Model);
        Assert.Equal(parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
        Assert.Equal(config.EosTokenIds, loaded.Config.EosTokenIds);
        Assert.Equal(config with { EosTokenIds = [] }, loaded.Config with { EosTokenIds = [] });
        Assert.Equal(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"], Directory.GetFiles(Model).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_save_that_fails_leaves_what_was_there()
    {
        Save();
        var gone = TestModels.Parameters(TestModels.Llama, 2);
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ModelFolder.Save(Model, TestModels.Llama, gone, null));
        using var loaded = ModelFolder.Load(Model);
        Assert.Equal(_parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
        Assert.Equal([Model], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_named() => AssertRefused("does not exist; give the folder that a run wrote");

    [Fact]
    public void A_folder_without_config_is_named()
    {
        Directory.CreateDirectory(Model);
        AssertRefused("has no config.json; give the folder");
    }

    [Fact]
    public void A_folder_without_weights_is_named()
    {
        Save();
        File.Delete(Path.Combine(Model, ModelFolder.WeightsFile));
        AssertRefused("has neither model.safetensors nor model.safetensors.index.json; it is incomplete, save or fetch it again");
    }

    [Fact]
    public void Truncated_weights_are_named()
    {
        Save();
        var weights = Path.Combine(Model, ModelFolder.WeightsFile);
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^5]);
        AssertRefused("model.safetensors: is truncated: its tensors need");
    }

    [Theory]
    [InlineData("intermediate_size", 20, "has in another shape than config.json asks for model.layers.0.mlp.down_proj.weight ([23, 19], not [23, 20]), ")]
    [InlineData("num_hidden_layers", 4, "lacks model.layers.3.input_layernorm.weight, ")]
    [InlineData("num_hidden_layers", 2, "has in excess model.layers.2.input_layernorm.weight, ")]
    public void Weights_of_another_shape_are_refused(string member, int value, string message)
    {
        Save();
        Edit(config => config[member] = value);
        AssertRefused(message);
    }

    [Theory]
    [InlineData("model_type", "\"mamba\"", "'model_type' is 'mamba', which is not supported; there are llama, qwen3")]
    [InlineData("model_type", "7", "'model_type' must be a text")]
    [InlineData("model_type", null, "'model_type' is missing")]
    [InlineData("vocab_size", null, "'vocab_size' is missing")]
    [InlineData("hidden_size", "0", "'hidden_size' must be a whole number between 1 and 16777216, and is 0")]
    [InlineData("hidden_size", "\"wide\"", "and is \"wide\"")]
    [InlineData("hidden_size", "2.5", "and is 2.5")]
    [InlineData("rms_norm_eps", "[]", "'rms_norm_eps' must be a number above 0")]
    [InlineData("eos_token_id", "[1,null]", "'eos_token_id' must be a whole number")]
    [InlineData("attention_bias", "true", "'attention_bias' is true, which is not supported")]
    [InlineData("attention_bias", "1", "'attention_bias' must be true or false, and is 1")]
    [InlineData("hidden_size", "2000000000", "and is 2000000000")]
    [InlineData("rms_norm_eps", "0", "'rms_norm_eps' must be a number above 0")]
    [InlineData("head_dim", "7", "'head_dim' is 7; it must be even")]
    [InlineData("num_attention_heads", "2000000", "times num_attention_heads at most")]
    [InlineData("num_key_value_heads", "2", "'num_attention_heads' is 3; it must be a multiple of num_key_value_heads (2)")]
    [InlineData("eos_token_id", "41", "'eos_token_id' must be a whole number between 0 and 40, and is 41")]
    [InlineData("use_sliding_window", "true", "'use_sliding_window' is true, which is not supported")]
    [InlineData("hidden_act", "\"gelu\"", "'hidden_act' is 'gelu', which is not supported")]
    [InlineData("rope_scaling", """{"type":"yarn","factor":4}""", "scales rotary positions by 'yarn', which is not supported")]
    [InlineData("rope_parameters", """{"rope_type":"llama3","rope_theta":5e5}""", "scales rotary positions by 'llama3', which is not supported")]
    public void A_config_that_we_do_not_run_is_refused(string member, string? json, string message)
    {
        Save();
        Edit(config =>
        {
            config.Remove(member);
            if (json is not null)
            {
                config[member] = JsonNode.Parse(json);
            }
        });
        AssertRefused(message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"model_type\":\"llama\"")]
    [InlineData("{\"model_type\":\"llama\",\"model_type\":\"qwen3\"}")]
    public void A_config_that_is_no_object_is_refused(string json)
    {
        Save();
        File.WriteAllText(Path.Combine(Model, ModelFolder.ConfigFile), json);
        AssertRefused("config.json is not");
    }

    [Theory]
    [InlineData("""{"model_type":"\ud800"}""", "'model_type' must be a text")]
    [InlineData("""{"model_type":"llama","hidden_size":"\ud800"}""", "'hidden_size' must be a whole number")]
    public void Half_a_surrogate_pair_is_an_error_like_any_other(string json, string message)
    {
        Save();
        File.WriteAllText(Path.Combine(Model, ModelFolder.ConfigFile), json);
        AssertRefused(message);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        Save();
        File.Move(Path.Combine(Model, ModelFolder.WeightsFile), Path.Combine(Model, "model-1.safetensors"));
        WriteIndex("""{"weight_map":{"model.norm.weight":"model-1.safetensors","lm_head.weight":"model-2.safetensors"}}""");
        AssertRefused("lacks model-2.safetensors, which its index names; it is incomplete, save or fetch it again");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("""{"weight_map":{"a":null}}""")]
    [InlineData("""{"weight_map":{"a":"../b"}}""")]
    [InlineData("""{"weight_map":{"a":"b","a":"c"}}""")]
    public void A_damaged_index_is_named(string index)
    {
        Save();
        File.Delete(Path.Combine(Model, ModelFolder.WeightsFile));
        WriteIndex(index);
        AssertRefused("model.safetensors.index.json is damaged");
    }

    [Fact]
    public void A_tensor_in_two_shards_is_named()
    {
        Save();
        File.Copy(Path.Combine(Model, ModelFolder.WeightsFile), Path.Combine(Model, "model-2.safetensors"));
        File.Move(Path.Combine(Model, ModelFolder.WeightsFile), Path.Combine(Model, "model-1.safetensors"));
        WriteIndex("""{"weight_map":{"model.norm.weight":"model-1.safetensors","lm_head.weight":"model-2.safetensors"}}""");
        AssertRefused("has tensor 'lm_head.weight' twice, in model-1.safetensors and in model-2.safetensors");
    }

    [Fact]
    public void A_head_that_the_model_asks_for_is_not_ignored()
    {
        Save();
        Edit(config => config["tie_word_embeddings"] = true);
        ModelFolder.Load(Model).Dispose();
        ModelFolder.Save(Model, TestModels.Llama with { TieWordEmbeddings = true }, TestModels.Parameters(TestModels.Llama with { TieWordEmbeddings = true }, 1), null);
        Edit(config => config["tie_word_embeddings"] = false);
        AssertRefused("lacks lm_head.weight; config.json and weights do not belong together");
    }

    [Fact]
    public void The_end_tokens_of_generation_config_follow()
    {
        Save();
        Edit(config => config["eos_token_id"] = 5);
        File.WriteAllText(Path.Combine(Model, "generation_config.json"), """{"eos_token_id":[9, 5, 1]}""");
        Assert.Equal([5, 9, 1], ModelFolder.LoadConfig(Model).EosTokenIds);
        File.WriteAllText(Path.Combine(Model, "generation_config.json"), """{"eos_token_id":[99]}""");
        AssertRefused("generation_config.json: 'eos_token_id' must be a whole number between 0 and 40, and is 99");
    }

    [Fact]
    public void What_is_no_model_is_never_replaced()
    {
        File.WriteAllText(_folder["thesis"], "");
        Assert.Contains("holds something that is no model", Assert.Throws<ModelFolderException>(() => ModelFolder.Save(_folder.Path, TestModels.Llama, _parameters, null)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["thesis"]));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named_and_left_as_it_was()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Contains("could not be written", Assert.Throws<ModelFolderException>(() => ModelFolder.Save(_folder["file/model"], TestModels.Llama, _parameters, null)).Message, StringComparison.Ordinal);
        Assert.Equal([_folder["file"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_family_s_config_cannot_say_what_it_is_not() =>
        Assert.Throws<ArgumentException>(() => ModelConfigJson.Write(TestModels.Llama with { QueryKeyNorm = true }));

    [Fact]
    public void A_tied_head_stored_beside_its_embedding_is_ignored()
    {
        var config = TestModels.Llama with { TieWordEmbeddings = true };
        Save();
        Edit(json => json["tie_word_embeddings"] = true);
        using var loaded = ModelFolder.Load(Model);
        Assert.Equal(config, loaded.Config with { EosTokenIds = config.EosTokenIds });
        Assert.Equal(_parameters["model.embed_tokens.weight"].ToArray(), loaded.Parameters["model.embed_tokens.weight"].ToArray());
    }

    private void Save() => ModelFolder.Save(Model, TestModels.Llama, _parameters, null);

    private void WriteIndex(string json) => File.WriteAllText(Path.Combine(Model, ModelFolder.IndexFile), json);

    private void Edit(Action<JsonObject> edit)
    {
        var path = Path.Combine(Model, ModelFolder.ConfigFile);
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(config);
        File.WriteAllText(path, config.ToJsonString());
    }

    private void AssertRefused(string message)
    {
        var thrown = Assert.Throws<ModelFolderException>(() => ModelFolder.Load(Model));
        Assert.StartsWith($"model folder {Model}: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }
}
