using System.Text.Json;

namespace Intellect3.Cluster.Host.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly Calls _calls = new();

    public void Dispose() => _calls.Dispose();

    [Theory]
    [InlineData("trian", "unknown command 'trian'", "Did you mean 'train'?")]
    [InlineData("train --stepz 3", "unknown option '--stepz'", "Did you mean '--steps'?")]
    [InlineData("train --resum", "unknown option '--resum'", "Did you mean '--resume'?")]
    [InlineData("train parity sort", "unknown argument 'sort'", "See `intellect3 train --help`.")]
    [InlineData("train --steps many", "--steps many is not valid. It must be an integer, at least 0", "See `intellect3 train --help`.")]
    [InlineData("train --steps", "--steps", "See `intellect3 train --help`.")]
    [InlineData("train --progress loud", "It must be one of auto, plain, none", "See `intellect3 train --help`.")]
    [InlineData("train --set seed", "--set seed has no '='", "--set trainer.learning-rate=1e-4")]
    [InlineData("config", "'intellect3 config' needs a command", "show")]
    [InlineData("config shwo", "unknown command 'shwo'", "Did you mean 'show'?")]
    [InlineData("config show sotr", "unknown recipe 'sotr'", "Did you mean 'sort'?")]
    public async Task A_wrong_call_is_refused(string call, string what, string more) => await _calls.AssertRefusedAsync(call.Split(' '), "error: ", what, more);

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("train --help")]
    [InlineData("config show -h")]
    public async Task Help_is_no_error(string call)
    {
        var (exit, output, error) = await _calls.RunAsync(call.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((ExitCode.Success, ""), (exit, error));
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recipes_are_listed_with_a_line_each()
    {
        var (_, output, _) = await _calls.RunAsync("recipes");
        Assert.Equal(["guess", "parity", "reverse", "sort"], Lines(output).Select(line => line.Split(' ')[0]));
        var (_, json, _) = await _calls.RunAsync("recipes", "--json");
        Assert.All(Lines(json), line => Assert.NotEqual("", JsonDocument.Parse(line).RootElement.GetProperty("description").GetString()));
    }

    [Fact]
    public async Task Settings_are_shown_with_their_sources()
    {
        var (_, output, _) = await _calls.RunAsync("config", "show", "sort", "--set", "seed=4");
        Assert.Matches("(?m)^seed += 4 +# --set$", output);
        Assert.Matches("(?m)^environments.sort += 1 +# recipe sort$", output);
    }

    [Fact]
    public async Task Settings_are_typed_in_json()
    {
        var (_, output, _) = await _calls.RunAsync("config", "show", "--json", "--set", "device.kernels=avx512");
        var values = Lines(output).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(e => e.GetProperty("key").GetString()!, e => e.GetProperty("value"));
        Assert.Equal(3e-4, values["trainer.learning-rate"].GetDouble());
        Assert.False(values["model.tie-word-embeddings"].GetBoolean());
        Assert.Equal("avx512", values["device.kernels"].GetString());
        Assert.Equal("10s", values["rollout.score-timeout"].GetString());
        Assert.Equal("", values["model.folder"].GetString());
    }

    [Fact]
    public async Task What_nobody_foresaw_is_a_failure_without_a_stack_trace()
    {
        _calls.Launcher.Run = _ => throw new InvalidOperationException("Odd.");
        var (exit, _, error) = await _calls.RunAsync("train", "--run-dir", Path.Combine(_calls.Folder, "run"));
        Assert.Equal(ExitCode.Failure, exit);
        Assert.Equal("error: unexpected InvalidOperationException\n  Odd.\n  Set INTELLECT3_DEBUG=1 to see where it happened.\n", error);
    }

    [Fact]
    public void The_second_signal_ends_the_process()
    {
        var exits = new List<int>();
        using var interruption = new Interruption(TextWriter.Null, exits.Add);
        Assert.False(interruption.Stop.IsCancellationRequested);
        interruption.Signal();
        Assert.True(interruption.Stop.IsCancellationRequested);
        Assert.Empty(exits);
        interruption.Signal();
        Assert.Equal([ExitCode.Interrupted], exits);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
