namespace Intellect3.Cluster.Host.Commands;

/// <summary>The SDK package that lies beside the executable.</summary>
/// <param name="Folder">A NuGet source.</param>
/// <param name="Version">The version of <c>Intellect3.Environments</c> in it.</param>
internal sealed record EnvironmentSdk(string Folder, string Version)
{
    private const string Package = "Intellect3.Environments.";
    private const string Extension = ".nupkg";

    /// <exception cref="CommandException">The folder has no SDK.</exception>
    public static EnvironmentSdk In(string folder)
    {
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, $"{Package}*{Extension}") : [];
        return files is [var file]
            ? new EnvironmentSdk(Path.GetFullPath(folder), Path.GetFileName(file)[Package.Length..^Extension.Length])
            : throw new CommandException($"the SDK package is not in {folder}", "It is put there when the program is built.", "Build it: dotnet build -c Release", ExitCode.Failure);
    }
}
