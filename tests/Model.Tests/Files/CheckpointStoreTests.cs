using Intellect3.Model.Configuration;
using Intellect3.Model.Files;
using Intellect3.Model.Files.Checkpoints;
using Intellect3.Model.Parameters;
using Intellect3.Model.Tests.Inference;
using Intellect3.Model.Tokenization;
using Intellect3.Model.Training;

namespace Intellect3.Model.Tests.Files;

/// <summary>Checkpoints come back to the bit, whole or not at all; whatever is damaged is skipped and named.</summary>
public sealed class CheckpointStoreTests : IDisposable
{
    private static readonly ModelConfig Config = TestModels.Qwen3;
    private static readonly string[] Files = ["manifest.json", "model/config.json", "model/model.safetensors", "model/tokenizer.json", "model/tokenizer_config.json", "optimizer.safetensors"];
    private readonly TemporaryFolder _folder = new();
    private readonly ParameterSet _parameters = TestModels.Parameters(Config, 3);

    public static TheoryData<string> FilesOfACheckpoint => [.. Files];

    public void Dispose()
    {
        _parameters.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_was_written_comes_back_to_the_bit()
    {
        var state = State("step-7") with { Extras = new Dictionary<string, string> { ["lineage"] = "2", ["ledger"] = "{\"next\": \"Größe\"}" } };
        Store().Write(state);
        using var loaded = Store().Load("step-7");

        Assert.Equal(("step-7", 7, "rl", 7L), (loaded.Name, loaded.Step, loaded.Phase, loaded.Optimizer.Step));
        Assert.Equal(state.Config with { EosTokenIds = [] }, loaded.Config with { EosTokenIds = [] });
        Assert.Equal(_parameters.Values.ToArray(), loaded.Parameters.Values.ToArray());
        Assert.Equal(state.Optimizer.FirstMoment, loaded.Optimizer.FirstMoment);
        Assert.Equal(state.Optimizer.SecondMoment, loaded.Optimizer.SecondMoment);
        Assert.Equal(state.Extras.OrderBy(e => e.Key), loaded.Extras);
        Assert.Equal(new CharacterTokenizer().VocabularySize, TokenizerFile.Load(_folder["step-7/model"]).VocabularySize);
    }

    [Fact]
    public void The_same_state_gives_the_same_files()
    {
        Store().Write(State("step-1"));
        var first = Contents("step-1");
        Store().Write(State("step-1"));
        Assert.Equal(first, Contents("step-1"));
    }

    [Fact]
    public void The_files_are_those_of_the_theory_data()
    {
        Store().Write(State("step-1"));
        Assert.Equal(Files, Contents("step-1").Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(FilesOfACheckpoint))]
    public void A_truncated_file_is_found(string file) => AssertFound(file, bytes => bytes[..^1]);

    [Theory]
    [MemberData(nameof(FilesOfACheckpoint))]
    public void An_emptied_file_is_found(string file) => AssertFound(file, _ => []);

    [Theory]
    [MemberData(nameof(FilesOfACheckpoint))]
    public void A_flipped_bit_anywhere_is_found(string file)
    {
        Store().Write(State("step-1"));
        var original = File.ReadAllBytes(_folder[$"step-1/{file}"]);
        for (var at = 0; at < original.Length; at += Math.Max(1, original.Length / 50))
        {
            var flipped = (byte[])original.Clone();
            flipped[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(_folder[$"step-1/{file}"], flipped);
            Assert.Equal("step-1", Assert.Single(Store().Scan().Skipped).Name);
        }
    }

    [Theory]
    [MemberData(nameof(FilesOfACheckpoint))]
    public void A_missing_file_is_found(string file)
    {
        Store().Write(State("step-1"));
        File.Delete(_folder[$"step-1/{file}"]);
        Assert.Equal($"{file} is missing", Assert.Single(Store().Scan().Skipped).Reason);
    }

    [Fact]
    public void Newest_first_by_phase_and_number()
    {
        foreach (var name in new[] { "step-10", "warmup-100", "step-2", "step-0", "warmup-3" })
        {
            Store(keepLast: 10).Write(State(name));
        }

        Assert.Equal(["step-10", "step-2", "step-0", "warmup-100", "warmup-3"], Store().Scan().Complete);
    }

    [Fact]
    public void Only_the_newest_stay_and_the_one_just_written()
    {
        foreach (var name in new[] { "warmup-9", "step-2", "step-10" })
        {
            Store(keepLast: 2).Write(State(name));
        }

        Assert.Equal(["step-10", "step-2"], Store().Scan().Complete);
        Store(keepLast: 1).Write(State("step-3"));
        Assert.Equal(["step-10", "step-3"], Store().Scan().Complete);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public void A_leftover_of_a_crash_is_skipped_and_gone_after_the_next_write()
    {
        Store().Write(State("step-1"));
        var leftover = AtomicFolder.TemporaryPrefix + "step-2-0";
        Directory.Move(_folder["step-1"], _folder[leftover]);
        var scan = Store().Scan();
        Assert.Empty(scan.Complete);
        Assert.Equal(leftover, Assert.Single(scan.Skipped).Name);

        Store().Write(State("step-2"));
        Assert.Equal(["step-2"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_checkpoint_under_another_name_is_not_believed()
    {
        Store().Write(State("step-1"));
        Directory.Move(_folder["step-1"], _folder["step-2"]);
        Assert.Equal("manifest.json is that of step-1", Assert.Single(Store().Scan().Skipped).Reason);
    }

    [Fact]
    public void A_write_that_fails_leaves_nothing_and_the_earlier_ones_as_they_were()
    {
        Store().Write(State("step-1"));
        File.WriteAllText(_folder["step-2"], "a file in the way");
        var thrown = Assert.Throws<CheckpointException>(() => Store().Write(State("step-2")));

        Assert.Contains("step-2 could not be written to " + _folder.Path, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("continue the run", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(["step-1"], Store().Scan().Complete);
        Assert.Equal(["step-1", "step-2"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_a_file_is_a_typed_error()
    {
        File.WriteAllText(_folder["checkpoints"], "");
        Assert.Throws<CheckpointException>(() => new CheckpointStore(_folder["checkpoints"], 1).Write(State("step-1")));
    }

    [Theory]
    [InlineData("step-2")]
    [InlineData("../step-1")]
    [InlineData("")]
    public void An_unknown_name_is_refused_with_those_there_are(string name)
    {
        Store().Write(State("step-1"));
        Assert.Contains("there are: step-1", Assert.Throws<CheckpointException>(() => Store().Load(name)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("step-01")]
    [InlineData("step--1")]
    [InlineData("step-")]
    [InlineData("final")]
    public void Other_names_are_not_written(string name) => Assert.Throws<ArgumentException>(() => Store().Write(State(name)));

    [Fact]
    public void A_folder_that_does_not_exist_holds_none() => Assert.Empty(new CheckpointStore(_folder["nowhere"], 1).Scan().Complete);

    private void AssertFound(string file, Func<byte[], byte[]> damage)
    {
        Store().Write(State("step-1"));
        Store().Write(State("step-2"));
        var path = _folder[$"step-2/{file}"];
        File.WriteAllBytes(path, damage(File.ReadAllBytes(path)));

        var scan = Store().Scan();
        Assert.Equal(["step-1"], scan.Complete);
        var skipped = Assert.Single(scan.Skipped);
        Assert.Equal("step-2", skipped.Name);
        Assert.StartsWith(file, skipped.Reason, StringComparison.Ordinal);
        Assert.Contains(file, Assert.Throws<CheckpointException>(() => Store().Load("step-2")).Message, StringComparison.Ordinal);
    }

    private CheckpointStore Store(int keepLast = 3) => new(_folder.Path, keepLast);

    private CheckpointState State(string name)
    {
        var step = int.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), out var number) ? number : 0;
        var random = new Random(step);
        float[] Moments() => [.. Enumerable.Range(0, (int)_parameters.Layout.Count).Select(_ => random.NextSingle())];
        return new CheckpointState { Name = name, Step = step, Phase = "rl", Config = Config, Parameters = _parameters, Optimizer = new OptimizerState(step, Moments(), Moments()), Tokenizer = new CharacterTokenizer() };
    }

    private Dictionary<string, string> Contents(string name) =>
        Directory.EnumerateFiles(_folder[name], "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(_folder[name], path), FileDigest.Sha256);
}
