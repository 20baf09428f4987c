namespace Intellect3.Model.Tests;

/// <summary>A folder of a test, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("intellect3-model-").FullName;

    /// <summary>The path of something within.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
