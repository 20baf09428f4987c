using System.Text.Json;

namespace Intellect3.Cluster.Tests;

/// <summary>A run directory below a temporary folder that goes with the test.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("intellect3-run-").FullName;

    /// <summary>A small run that still goes through everything: a few steps of warm-up, a few of reinforcement learning.</summary>
    public static IReadOnlyList<string> Small { get; } =
    [
        "parity", "--steps", "4", "--progress", "plain",
        "--set", "warmup.max-steps=6", "--set", "eval.tasks=16", "--set", "eval.interval=2", "--set", "eval.online-tasks=16",
        "--set", "rollout.groups-per-batch=4", "--set", "rollout.group-size=4", "--set", "checkpoint.interval=2", "--set", "trainer.zero-advantage=refill",
    ];

    /// <summary>The same in synchronous mode.</summary>
    public static IReadOnlyList<string> SmallSynchronous { get; } = [.. Small, "--set", "trainer.target-lag=0"];

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
