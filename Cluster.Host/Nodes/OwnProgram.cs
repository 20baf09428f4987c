using Intellect3.Environments.Hosting;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>How this program is started as a child of itself: by the executable that is built beside its library, or by <c>dotnet</c> where there is none.</summary>
public static class OwnProgram
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "intellect3.exe" : "intellect3");

    /// <summary>The program and its first arguments, these at their end.</summary>
    public static HostCommand With(params string[] arguments) => File.Exists(Executable)
        ? new HostCommand(Executable, arguments)
        : new HostCommand("dotnet", [Path.Combine(AppContext.BaseDirectory, "intellect3.dll"), .. arguments]);
}
