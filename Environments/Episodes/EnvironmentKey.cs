namespace Intellect3.Environments.Episodes;

/// <summary>Which environment, to the byte. Groups are pinned to it.</summary>
/// <param name="Name">A task set's name, or a package's.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hash">The SHA-256 of the package in lower-case hexadecimal; <see cref="BuiltIn"/> for a task set that is part of this program.</param>
public sealed record EnvironmentKey(string Name, string Version, string Hash)
{
    /// <summary>The hash of what comes with the program.</summary>
    public const string BuiltIn = "built-in";

    public override string ToString() => Hash == BuiltIn ? $"{Name} {Version}" : $"{Name} {Version} ({Hash[..Math.Min(12, Hash.Length)]})";
}
