namespace Intellect3.Cluster.Host.Settings;

/// <summary>Collects the values of a run, from the weakest to the strongest: defaults, recipe, file, switches.</summary>
public static class SettingsLoader
{
    /// <summary>The settings of a recipe or of a file, with switches on top.</summary>
    /// <param name="recipeOrFile">A recipe's name, a file's path, or null for the default recipe.</param>
    /// <param name="switches">What the command line sets.</param>
    /// <exception cref="CommandException">Anything wrong with them.</exception>
    public static EffectiveSettings Load(string? recipeOrFile, IEnumerable<SettingValue> switches)
    {
        var name = recipeOrFile ?? RecipeFolder.Default;
        return IsFile(name)
            ? EffectiveSettings.From([.. ReadFileOnRecipe(name), .. switches], Path.GetFileNameWithoutExtension(name))
            : EffectiveSettings.From([.. ReadRecipe(name), .. switches], name);
    }

    /// <summary>The settings that a config.conf says: all of them, whatever this machine's recipes are.</summary>
    /// <param name="config">Its text.</param>
    /// <param name="name">What an error calls it.</param>
    /// <exception cref="CommandException">Anything wrong with them.</exception>
    public static EffectiveSettings Parse(string config, string name) => EffectiveSettings.From(OnRecipe(ReadText(config, name)), name);

    /// <summary>The <c>--set</c> switches, each <c>key=value</c>, and <c>--steps</c>.</summary>
    /// <exception cref="CommandException">One has no <c>=</c>.</exception>
    public static IEnumerable<SettingValue> FromSwitches(IEnumerable<string> sets, int? steps = null)
    {
        foreach (var set in sets)
        {
            yield return set.IndexOf('=', StringComparison.Ordinal) is > 0 and var split
                ? new SettingValue(set[..split].Trim(), set[(split + 1)..].Trim(), "--set")
                : throw new CommandException($"--set {set} has no '='", "A switch gives one setting its value.", "Write for example: --set trainer.learning-rate=1e-4");
        }

        if (steps is { } n)
        {
            yield return new SettingValue("steps", $"{n}", "--steps");
        }
    }

    private static bool IsFile(string name) =>
        name.EndsWith(".conf", StringComparison.Ordinal) || name.Contains(Path.DirectorySeparatorChar) || (File.Exists(name) && RecipeFolder.All().All(recipe => recipe.Name != name));

    private static IEnumerable<SettingValue> ReadRecipe(string name) => ReadFile(RecipeFolder.Get(name).Path, _ => $"recipe {name}");

    private static List<SettingValue> ReadFileOnRecipe(string path)
    {
        return OnRecipe(ReadFile(path, line => $"{path}:{line}"));
    }

    private static List<SettingValue> OnRecipe(IEnumerable<SettingValue> file)
    {
        var values = file.ToList();
        var recipe = values.Find(v => v.Key == SettingCatalog.RecipeKey);
        values.RemoveAll(v => v.Key == SettingCatalog.RecipeKey);
        return recipe is null ? values : [.. ReadRecipe(recipe.Text), .. values];
    }

    private static IEnumerable<SettingValue> ReadFile(string path, Func<int, string> source)
    {
        try
        {
            return ReadText(File.ReadAllText(path), path, source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot read {path}", e.Message, "Give the path of a readable file, or the name of a recipe: `intellect3 recipes` lists them.");
        }
    }

    private static IEnumerable<SettingValue> ReadText(string text, string name, Func<int, string>? source = null)
    {
        try
        {
            return HoconText.Read(text).Select(v => new SettingValue(v.Key, v.Text, source?.Invoke(v.Line) ?? $"{name}:{v.Line}"));
        }
        catch (HoconSyntaxException e)
        {
            throw new CommandException($"{name}:{e.Line}: broken HOCON", e.Message, "Mend the line and try again.");
        }
    }
}
