namespace Intellect3.Cluster.Host.Settings;

/// <summary>A run that is known to learn: a file of hocon/recipes.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Path">Where the file is.</param>
/// <param name="Description">The comment that the file begins with, one line.</param>
public sealed record Recipe(string Name, string Path, string Description);
