using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Intellect3.Cluster.Tests;

/// <summary>References point down only: Cluster.Host -> Actors -> Model -> Kernels, Actors -> Environments; Akka and Torch stay in their rooms.</summary>
public sealed class ReferencesTests
{
    [Theory]
    [InlineData("Environments", "")]
    [InlineData("Kernels", "")]
    [InlineData("Model", "Kernels")]
    [InlineData("Actors", "Environments Model")]
    [InlineData("Cluster.Host", "Actors")]
    public void A_project_references(string project, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Includes(project, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r)).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Environments", "Akka", "TorchSharp", "libtorch")]
    [InlineData("Kernels", "Akka", "TorchSharp", "libtorch")]
    [InlineData("Model", "Akka", "Hyperion", "Microsoft.Extensions.Hosting")]
    [InlineData("Actors", "TorchSharp", "libtorch", "Spectre.Console")]
    public void A_project_has_no_package_of(string project, params string[] banned) =>
        Assert.DoesNotContain(Includes(project, "PackageReference"), package => banned.Any(b => package.StartsWith(b, StringComparison.Ordinal)));

    private static List<string> Includes(string project, string element, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", project, $"{project}.csproj");
        return [.. XDocument.Load(file).Descendants(element).Select(e => e.Attribute("Include")!.Value)];
    }
}
