using Intellect3.Actors.Coordination;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>The settings of a run and who gave each of them.</summary>
public sealed class EffectiveSettings
{
    /// <summary>The source of what nobody gave.</summary>
    public const string Reference = "reference";

    private readonly IReadOnlyDictionary<string, string> _sources;

    private EffectiveSettings(RunSettings run, IReadOnlyDictionary<string, string> sources) => (Run, _sources) = (run, sources);

    public RunSettings Run { get; }

    /// <summary>Every setting and environment: key, value as HOCON, source; in the order of the documents.</summary>
    public IEnumerable<(string Key, string Hocon, string Source)> Rows() =>
        SettingCatalog.All.Select(s => (s.Key, s.ReadHocon(Run), SourceOf(s.Key)))
            .Concat(Run.Environments.Select(e => (EnvironmentKey(e.Name), SettingCatalog.EnvironmentWeight.Format(e.Weight), SourceOf(EnvironmentKey(e.Name)))));

    /// <summary>Puts values on top of the defaults, the later over the earlier, and checks the whole.</summary>
    /// <param name="values">From the weakest to the strongest.</param>
    /// <param name="defaultName">What the run is called if no value names it.</param>
    /// <exception cref="CommandException">An unknown key, a value out of range, settings that do not fit each other.</exception>
    public static EffectiveSettings From(IEnumerable<SettingValue> values, string defaultName)
    {
        var run = SettingCatalog.Defaults;
        var sources = new Dictionary<string, string>();
        foreach (var value in values)
        {
            run = Apply(run, value);
            sources[value.Key] = value.Source;
        }

        var settings = new EffectiveSettings(run.Recipe.Length > 0 ? run : run with { Recipe = defaultName }, sources);
        SettingChecks.Check(settings);
        return settings;
    }

    /// <summary>Who gave a setting its value.</summary>
    public string SourceOf(string key) => _sources.GetValueOrDefault(key, Reference);

    private static RunSettings Apply(RunSettings run, SettingValue value)
    {
        try
        {
            return SettingCatalog.Find(value.Key) is { } setting ? setting.Write(run, value.Text)
                : value.Key.StartsWith(SettingCatalog.EnvironmentsKey + ".", StringComparison.Ordinal) ? WithEnvironment(run, value)
                : throw Unknown(value);
        }
        catch (FormatException e)
        {
            throw new CommandException($"{value.Key} = {value.Text} is not valid ({value.Source})", e.Message, "Mend the value; docs/settings.md describes every setting.");
        }
    }

    // Kept by name, so that the order in which layers name them changes nothing.
    private static RunSettings WithEnvironment(RunSettings run, SettingValue value)
    {
        var environment = new EnvironmentSettings(value.Key[(SettingCatalog.EnvironmentsKey.Length + 1)..], SettingCatalog.EnvironmentWeight.Parse(value.Text));
        return run with
        {
            Environments = [.. run.Environments.Where(e => e.Name != environment.Name).Append(environment).OrderBy(e => e.Name, StringComparer.Ordinal)],
        };
    }

    private static CommandException Unknown(SettingValue value)
    {
        if (SettingCatalog.Refused.TryGetValue(value.Key, out var reason))
        {
            return new CommandException($"{value.Key} cannot be set ({value.Source})", reason, "Remove it, or write it so.");
        }

        var known = SettingCatalog.All.Select(s => s.Key).Append(EnvironmentKey(value.Key[(value.Key.IndexOf('.', StringComparison.Ordinal) + 1)..]));
        return new CommandException(
            $"unknown setting '{value.Key}' ({value.Source})",
            CommandException.DidYouMean(value.Key, known),
            "`intellect3 config show` lists every setting.");
    }

    private static string EnvironmentKey(string name) => $"{SettingCatalog.EnvironmentsKey}.{name}";
}
