using System.Text.Json;
using Intellect3.Model.Configuration;
using Intellect3.Model.Files.HuggingFace;
using Intellect3.Model.Parameters;
using Intellect3.Model.Tokenization;

namespace Intellect3.Cluster.Host.Tests.Commands;

/// <summary><c>generate</c> and <c>eval</c> with a small random model.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private readonly Calls _calls = new();
    private readonly string _model;

    public ModelCommandTests()
    {
        var config = new ModelConfig
        {
            ModelType = "qwen3",
            QueryKeyNorm = true,
            VocabularySize = CharacterTokenizer.Vocabulary.Count,
            HiddenSize = 12,
            IntermediateSize = 20,
            Layers = 2,
            AttentionHeads = 2,
            KeyValueHeads = 1,
            HeadDimension = 6,
            MaxPositions = 40,
            BosTokenId = CharacterTokenizer.BosId,
            EosTokenIds = [CharacterTokenizer.EosId],
        };
        _model = Path.Combine(_calls.Folder, "model");
        using var parameters = ParameterInitializer.Initialize(config, seed: 1);
        ModelFolder.Save(_model, config, parameters, new CharacterTokenizer());
    }

    public void Dispose() => _calls.Dispose();

    [Fact]
    public async Task A_text_is_continued_and_described()
    {
        var sample = await GenerateAsync("--prompt", "1+1=", "--max-tokens", "9", "--ignore-eos");
        Assert.Equal([CharacterTokenizer.BosId, .. new CharacterTokenizer().Encode("1+1=")], Ints(sample, "prompt_ids"));
        Assert.Equal(9, Ints(sample, "ids").Length);
        Assert.All(sample.GetProperty("logprobs").EnumerateArray(), logprob => Assert.InRange(logprob.GetDouble(), -30, 0));
        Assert.Equal(9, sample.GetProperty("logprobs").GetArrayLength());
        Assert.Equal("length", sample.GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task The_seed_decides_what_is_sampled()
    {
        string[] call = ["--prompt", "1+1=", "--max-tokens", "20", "--ignore-eos", "--seed"];
        var first = Ints(await GenerateAsync([.. call, "3"]), "ids");
        Assert.Equal(first, Ints(await GenerateAsync([.. call, "3"]), "ids"));
        Assert.NotEqual(first, Ints(await GenerateAsync([.. call, "4"]), "ids"));
    }

    [Fact]
    public async Task Token_ids_need_no_tokenizer()
    {
        File.Delete(Path.Combine(_model, "tokenizer.json"));
        var sample = await GenerateAsync("--prompt-ids", "1, 20,21", "--max-tokens", "2", "--greedy", "--ignore-eos");
        Assert.Equal([1, 20, 21], Ints(sample, "prompt_ids"));
        Assert.Equal(JsonValueKind.Null, sample.GetProperty("text").ValueKind);
        await _calls.AssertRefusedAsync(["generate", "--model", _model, "--prompt", "1"], _model, "tokenizer.json");
    }

    [Fact]
    public async Task Generation_ends_at_the_longest_sequence()
    {
        var sample = await GenerateAsync("--prompt-ids", "1,20", "--max-tokens", "1000", "--ignore-eos");
        Assert.Equal(38, Ints(sample, "ids").Length);
        Assert.Equal("length", sample.GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("", "one of --prompt and --prompt-ids")]
    [InlineData("--prompt a --prompt-ids 1", "one of --prompt and --prompt-ids")]
    [InlineData("--prompt-ids 1,x", "--prompt-ids 1,x is not valid")]
    [InlineData("--prompt-ids 1,500", "500")]
    [InlineData("--prompt-ids 1 --max-tokens 0", "It must be at least 1")]
    public async Task A_wrong_prompt_is_refused(string call, string what) =>
        await _calls.AssertRefusedAsync(["generate", "--model", _model, .. call.Split(' ', StringSplitOptions.RemoveEmptyEntries)], what);

    [Fact]
    public async Task A_damaged_model_folder_is_refused()
    {
        string[] call = ["generate", "--prompt-ids", "1", "--model"];
        await _calls.AssertRefusedAsync([.. call, Path.Combine(_calls.Folder, "nowhere")], "nowhere", "does not exist");
        var weights = Path.Combine(_model, "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^100]);
        await _calls.AssertRefusedAsync([.. call, _model], _model);
        await _calls.AssertRefusedAsync(["eval", "--env", "parity", "--model", _model], _model);
        File.WriteAllText(Path.Combine(_model, "config.json"), "{");
        await _calls.AssertRefusedAsync([.. call, _model], _model, "config.json");
    }

    [Fact]
    public async Task An_evaluation_is_one_line_of_json()
    {
        var (exit, output, error) = await _calls.RunAsync("eval", "--model", _model, "--env", "parity", "-n", "5", "-k", "2", "--json");
        Assert.Equal((ExitCode.Success, ""), (exit, error));
        Assert.Equal("{\"env\":\"parity\",\"n\":5,\"k\":2,\"avg\":0,\"pass_at_k\":0,\"errors\":0}\n", output);
        (_, output, _) = await _calls.RunAsync("eval", "--model", _model, "--env", "parity", "-n", "2", "--greedy");
        Assert.Equal("parity: avg@1 0.000, pass@1 0.000 on 2 held-out tasks, 0 errors\n", output);
    }

    [Fact]
    public async Task The_environment_is_checked_before_the_model() =>
        await _calls.AssertRefusedAsync(["eval", "--model", "nowhere", "--env", "partiy"], "unknown environment 'partiy'", "Did you mean 'parity'?");

    [Fact]
    public async Task Training_from_a_missing_folder_is_refused_before_anything_is_written()
    {
        var run = Path.Combine(_calls.Folder, "run");
        await _calls.AssertRefusedAsync(["train", "--run-dir", run, "--set", "model.folder=/nowhere"], "/nowhere");
        Assert.False(Directory.Exists(run));
    }

    private async Task<JsonElement> GenerateAsync(params string[] arguments)
    {
        var (exit, output, error) = await _calls.RunAsync(["generate", "--model", _model, "--json", .. arguments]);
        Assert.Equal((ExitCode.Success, ""), (exit, error));
        return JsonDocument.Parse(output).RootElement;
    }

    private static int[] Ints(JsonElement sample, string name) => [.. sample.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
