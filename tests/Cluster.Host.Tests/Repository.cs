using System.Runtime.CompilerServices;

namespace Intellect3.Cluster.Host.Tests;

/// <summary>Files of the repository that are generated: compared here, and rewritten when INTELLECT3_ACCEPT is 1.</summary>
internal static class Repository
{
    public static void AssertGenerated(string path, string text)
    {
        var file = Path.Combine(Root(), path);
        if (Environment.GetEnvironmentVariable("INTELLECT3_ACCEPT") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file) && File.ReadAllText(file) == text, $"{path} differs from what is generated. Run: INTELLECT3_ACCEPT=1 dotnet test -c Release tests/Cluster.Host.Tests");
    }

    /// <summary>The SDK package beside the executable that was built with these tests.</summary>
    public static string SdkFolder => Path.Combine(Root(), "Cluster.Host", "bin", Directory.GetParent(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!.Name, "net10.0", "sdk");

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
