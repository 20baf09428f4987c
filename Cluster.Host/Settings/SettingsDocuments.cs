using System.Text;

namespace Intellect3.Cluster.Host.Settings;

/// <summary>The documents that are made from <see cref="SettingCatalog"/>; tests compare them with the files in the repository.</summary>
public static class SettingsDocuments
{
    /// <summary>hocon/reference.conf: every setting, its default, one comment.</summary>
    public static string Reference()
    {
        var text = new StringBuilder(
            """
            # Every setting of a run, its default, and what it takes. Made from Cluster.Host/Settings/SettingCatalog.cs: change that, not this file.
            # Precedence: --set key=value > file given > recipe > this file. A file names the recipe that it builds on: recipe = parity

            # What is trained on: names of environments and their shares of new groups (number, at least 0; they need not add up to 1).
            environments {
            }

            """);
        foreach (var (prefix, title) in SettingCatalog.Sections)
        {
            text.Append($"\n# {title}.\n{(prefix.Length == 0 ? "" : $"{prefix} {{\n")}");
            foreach (var setting in SettingCatalog.Of(prefix))
            {
                var indent = prefix.Length == 0 ? "" : "  ";
                text.Append($"{indent}# {setting.Description} ({setting.Type})\n{indent}{setting.Key[(prefix.Length == 0 ? 0 : prefix.Length + 1)..]} = {setting.ReadHocon(SettingCatalog.Defaults)}\n");
            }

            text.Append(prefix.Length == 0 ? "" : "}\n");
        }

        return text.ToString();
    }

    /// <summary>docs/settings.md: the same as tables.</summary>
    public static string Page()
    {
        var text = new StringBuilder(
            """
            # Settings

            Made from `Cluster.Host/Settings/SettingCatalog.cs`; a test keeps this page equal to it.

            A run's settings come from four places, the first that names a setting wins: `--set key=value`, the file given, the recipe, the defaults below (`hocon/reference.conf`).
            `intellect3 config show [RECIPE|FILE]` prints the effective value of each and where it comes from. Files are HOCON; `recipe = parity` in one names the recipe that it builds on.

            ## Environments

            `environments` is an object: the names of environments and their shares of new groups (numbers, at least 0, that need not add up to 1). `environments { parity = 3, sort = 1 }` gives `sort`
            every fourth group, and `--set environments.sort=0` takes it out again.

            """);
        foreach (var (prefix, title) in SettingCatalog.Sections)
        {
            text.Append($"\n## {title}\n\n| setting | default | values | what it does |\n|---|---|---|---|\n");
            foreach (var setting in SettingCatalog.Of(prefix))
            {
                text.Append($"| `{setting.Key}` | `{setting.ReadHocon(SettingCatalog.Defaults)}` | {setting.Type.Replace("|", "\\|", StringComparison.Ordinal)} | {setting.Description} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>RUNDIR/config.conf: the effective settings, complete, so that reading them back needs nothing else.</summary>
    public static string Config(EffectiveSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var text = new StringBuilder("# The settings of this run, complete. `intellect3 train --resume` reads this file.\n");
        foreach (var (key, hocon, source) in settings.Rows())
        {
            text.Append($"{key} = {hocon}{(source == EffectiveSettings.Reference ? "" : $"  # {source}")}\n");
        }

        return text.ToString();
    }
}
