namespace Intellect3.Cluster.Host.Settings;

/// <summary>The recipes beside the executable.</summary>
public static class RecipeFolder
{
    /// <summary>The recipe of a run that names none.</summary>
    public const string Default = "parity";

    /// <summary>The folder of HOCON files that is built with the executable.</summary>
    public static string HoconFolder { get; } = Path.Combine(AppContext.BaseDirectory, "hocon");

    private static string Folder => Path.Combine(HoconFolder, "recipes");

    /// <summary>Every recipe, by name.</summary>
    /// <exception cref="CommandException">The folder is missing.</exception>
    public static IReadOnlyList<Recipe> All() =>
        Directory.Exists(Folder)
            ? [.. Directory.EnumerateFiles(Folder, "*.conf").Order(StringComparer.Ordinal).Select(path => new Recipe(Path.GetFileNameWithoutExtension(path), path, DescriptionOf(path)))]
            : throw new CommandException($"no recipes at {Folder}", "The hocon folder is built beside the executable and must stay there.", "Build again, or copy the whole output folder.", ExitCode.Failure);

    /// <exception cref="CommandException">There is no such recipe; the nearest is named.</exception>
    public static Recipe Get(string name)
    {
        var all = All();
        return all.FirstOrDefault(recipe => recipe.Name == name)
            ?? throw new CommandException(
                $"unknown recipe '{name}'",
                CommandException.DidYouMean(name, all.Select(recipe => recipe.Name)),
                $"Known recipes: {string.Join(", ", all.Select(recipe => recipe.Name))}. A file is given by its path: ./{name}.conf");
    }

    private static string DescriptionOf(string path) => File.ReadLines(path).FirstOrDefault()?.TrimStart('#', ' ') ?? "";
}
