using System.Globalization;
using System.Text.RegularExpressions;

namespace Intellect3.Environments.Packages;

/// <summary>Orders versions as semver.org does: <c>1.2.0-beta.2 &lt; 1.2.0-beta.11 &lt; 1.2.0</c>. What is no version comes first.</summary>
public sealed partial class PackageVersionComparer : IComparer<string>
{
    private PackageVersionComparer()
    {
    }

    public static PackageVersionComparer Instance { get; } = new();

    /// <summary>True for <c>MAJOR.MINOR.PATCH[-LABELS]</c>.</summary>
    public static bool IsVersion(string? text) => text is not null && Pattern().IsMatch(text);

    public int Compare(string? x, string? y)
    {
        if (!IsVersion(x) || !IsVersion(y))
        {
            return IsVersion(x).CompareTo(IsVersion(y));
        }

        var (left, right) = (Pattern().Match(x!), Pattern().Match(y!));
        var numbers = CompareAll(Parts(left, "number"), Parts(right, "number"));
        var (mine, its) = (Parts(left, "label"), Parts(right, "label"));

        // A version without labels is the released one, and later.
        return numbers != 0 ? numbers
            : mine.Count == 0 || its.Count == 0 ? its.Count.CompareTo(mine.Count)
            : CompareAll(mine, its);
    }

    private static List<string> Parts(Match match, string group) => [.. match.Groups[group].Captures.Select(part => part.Value)];

    private static int CompareAll(List<string> left, List<string> right) =>
        left.Zip(right, CompareOne).FirstOrDefault(order => order != 0) is var order and not 0 ? order : left.Count.CompareTo(right.Count);

    private static int CompareOne(string left, string right) =>
        (int.TryParse(left, CultureInfo.InvariantCulture, out var a), int.TryParse(right, CultureInfo.InvariantCulture, out var b)) switch
        {
            (true, true) => a.CompareTo(b),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };

    [GeneratedRegex(@"^(?<number>\d{1,9})\.(?<number>\d{1,9})\.(?<number>\d{1,9})(-(?<label>[0-9A-Za-z-]+)(\.(?<label>[0-9A-Za-z-]+))*)?\z")]
    private static partial Regex Pattern();
}
