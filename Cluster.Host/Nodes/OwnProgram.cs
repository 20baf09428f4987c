namespace Intellect3.Cluster.Host.Nodes;

/// <summary>How this program is started as a child of itself: by its own executable, or by <c>dotnet</c> with its library where that started it.</summary>
public static class OwnProgram
{
    private const string Name = "intellect3";

    /// <summary>The file to run.</summary>
    public static string Path { get; } = Environment.ProcessPath!;

    /// <summary>What comes before the program's own arguments.</summary>
    public static IReadOnlyList<string> Arguments { get; } =
        System.IO.Path.GetFileNameWithoutExtension(Path) == Name ? [] : [System.IO.Path.Combine(AppContext.BaseDirectory, Name + ".dll")];
}
