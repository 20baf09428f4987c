namespace Intellect3.Cluster.Tests;

/// <summary>Wrong calls through the real executable: exit 2, a few lines without a stack trace, the name of what is wrong and the way out, nothing half-written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly RunFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("trainer.learning-rate", "train", "--set", "trainer.learning-rat=1e-3")]
    [InlineData("between", "train", "--set", "rollout.temperature=-1")]
    [InlineData("at least", "train", "--steps", "-3")]
    [InlineData("parity", "train", "parit")]
    [InlineData("train", "trian")]
    [InlineData("guess", "eval", "--model", "/nowhere", "--env", "gues")]
    [InlineData("/nowhere", "eval", "--model", "/nowhere", "--env", "guess")]
    [InlineData("/nowhere", "generate", "--model", "/nowhere", "--prompt", "x")]
    [InlineData("--run-dir", "train", "--resume")]
    public async Task A_wrong_call_says_what_and_what_to_do(string named, params string[] call)
    {
        string[] arguments = call[0] == "train" && !call.Contains("--resume") ? [.. call, "--run-dir", _runs.Path("run")] : call;
        var (exit, output, errors) = await Intellect3Process.RunAsync(arguments);

        Assert.Equal(2, exit);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors + output, StringComparison.Ordinal);
        Assert.InRange(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 8);
        Assert.False(Directory.Exists(_runs.Path("run")));
    }

    [Fact]
    public async Task Broken_HOCON_is_reported_with_file_and_line()
    {
        var file = _runs.Path("broken.conf");
        File.WriteAllText(file, "steps = 3\ntrainer {\n  learning-rate = 1e-3\n");
        var (exit, _, errors) = await Intellect3Process.RunAsync("train", file, "--run-dir", _runs.Path("run"));
        Assert.Equal(2, exit);
        Assert.Contains("broken.conf", errors, StringComparison.Ordinal);
        Assert.Matches("line [0-9]|:[0-9]", errors);
    }

    [Fact]
    public async Task A_directory_that_is_not_empty_is_left_alone()
    {
        Directory.CreateDirectory(_runs.Path("run"));
        File.WriteAllText(Path.Combine(_runs.Path("run"), "precious"), "x");
        var (exit, _, errors) = await Intellect3Process.RunAsync("train", "--run-dir", _runs.Path("run"));
        Assert.Equal(2, exit);
        Assert.Contains(_runs.Path("run"), errors, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_runs.Path("run")));
    }

    [Fact]
    public async Task A_truncated_model_is_named_with_a_remedy()
    {
        var summary = await _runs.TrainAsync("run", RunFolder.Small);
        Assert.True(summary.TryGetProperty("final_sha256", out _));
        var weights = Path.Combine(_runs.Path("run"), "final", "model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..1000]);
        var (exit, _, errors) = await Intellect3Process.RunAsync("generate", "--model", Path.Combine(_runs.Path("run"), "final"), "--prompt", "1=");
        Assert.Equal(2, exit);
        Assert.Contains("truncated", errors, StringComparison.Ordinal);
    }
}
