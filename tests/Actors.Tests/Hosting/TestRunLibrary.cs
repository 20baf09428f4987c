using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Tests.Hosting;

/// <summary>Settings that are made in code: every config reads as these.</summary>
internal sealed class TestRunLibrary(RunSettings settings) : IRunLibrary
{
    public RunSettings Parse(string config) => settings;

    public (string Directory, RunDirectoryState State) Open(string directory, string config)
    {
        var path = Path.GetFullPath(directory);
        Directory.CreateDirectory(path);
        return (path, File.Exists(Path.Combine(path, "summary.json")) ? RunDirectoryState.Finished : File.Exists(Path.Combine(path, "ledger.jsonl")) ? RunDirectoryState.Begun : RunDirectoryState.New);
    }
}
