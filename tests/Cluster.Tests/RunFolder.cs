using System.Text.Json;

namespace Intellect3.Cluster.Tests;

/// <summary>A run directory below a temporary folder that goes with the test.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("intellect3-run-").FullName;

    /// <summary>A small run that still goes through everything: a few steps of warm-up, a few of reinforcement learning.</summary>
    public static IReadOnlyList<string> Small { get; } =
    [
        "guess", "--progress", "plain", "--set", "steps=4", "--set", "model.layers=1", "--set", "model.hidden-size=64", "--set", "model.intermediate-size=128",
        "--set", "warmup.max-steps=25", "--set", "warmup.learning-rate=4e-3", "--set", "eval.tasks=16", "--set", "eval.interval=2", "--set", "eval.online-tasks=16",
        "--set", "rollout.groups-per-batch=4", "--set", "rollout.group-size=4", "--set", "trainer.zero-advantage=refill",
    ];

    /// <summary>The same with checkpoints, in synchronous mode.</summary>
    public static IReadOnlyList<string> SmallSynchronous { get; } = [.. Small, "--set", "trainer.target-lag=0", "--set", "checkpoint.interval=2"];

    public string Path(string name) => System.IO.Path.Combine(_root, name);

    /// <summary>Runs <c>train</c> to its end and returns the summary.</summary>
    public async Task<JsonElement> TrainAsync(string name, IEnumerable<string> arguments)
    {
        var (exit, output, errors) = await Intellect3Process.RunAsync(["train", .. arguments, "--run-dir", Path(name)]);
        Assert.True(exit == 0, $"exit {exit}\n{output}\n{errors}");
        return Summary(name);
    }

    public JsonElement Summary(string name) => JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(Path(name), "summary.json"))).RootElement.Clone();

    public IEnumerable<JsonElement> Lines(string name, string file) =>
        File.ReadLines(System.IO.Path.Combine(Path(name), file)).Select(line => JsonDocument.Parse(line).RootElement.Clone());

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
