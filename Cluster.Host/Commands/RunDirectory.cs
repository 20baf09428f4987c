using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>The rules of RUNDIR: what may become one, and what can be resumed.</summary>
public sealed class RunDirectory
{
    /// <summary>The file that every run writes first: its settings.</summary>
    public const string ConfigName = "config.conf";

    // Made by us, so ours to remove.
    private bool _isNew;

    private RunDirectory(string path) => Root = Path.GetFullPath(path);

    /// <summary>The absolute path.</summary>
    public string Root { get; }

    public string ConfigPath => Path.Combine(Root, ConfigName);

    public string SummaryPath => Path.Combine(Root, "summary.json");

    /// <summary>True once the run has ended: the summary is written last.</summary>
    public bool IsFinished => File.Exists(SummaryPath);

    private string TemporaryPath => ConfigPath + ".tmp";

    /// <summary>Where a run goes that was given no directory.</summary>
    public static string DefaultFor(string name, ulong seed, DateTimeOffset now) => Path.Combine("runs", $"{name}-{seed}-{now:yyyyMMdd-HHmmss}");

    /// <summary>A directory for a new run; nothing is made yet.</summary>
    /// <exception cref="CommandException">Something is there already.</exception>
    public static RunDirectory ForNewRun(string path)
    {
        var directory = new RunDirectory(path);
        if (File.Exists(directory.Root))
        {
            throw new CommandException($"the run directory {path} is a file", null, "Choose another --run-dir.");
        }

        if (Directory.Exists(directory.Root) && Directory.EnumerateFileSystemEntries(directory.Root).Any())
        {
            throw new CommandException(
                $"the run directory {path} is not empty",
                File.Exists(directory.ConfigPath) ? "It holds a run." : "It holds files that are not of a run.",
                File.Exists(directory.ConfigPath) ? "Continue that run with --resume, or choose another --run-dir." : "Choose another --run-dir.");
        }

        return directory;
    }

    /// <summary>The directory of a run that began before.</summary>
    /// <exception cref="CommandException">It holds no run.</exception>
    public static RunDirectory ForResume(string path)
    {
        var directory = new RunDirectory(path);
        return File.Exists(directory.ConfigPath)
            ? directory
            : throw new CommandException(
                $"nothing to resume in {path}",
                Directory.Exists(directory.Root) ? "It has no config.conf, which every run writes first." : "There is no such directory.",
                "Give the directory of an earlier run, or start a new one without --resume.");
    }

    /// <summary>Makes the directory and writes config.conf, complete or not at all.</summary>
    /// <exception cref="CommandException">It cannot be written to.</exception>
    public void Begin(string config)
    {
        _isNew = !Directory.Exists(Root);
        try
        {
            Directory.CreateDirectory(Root);
            File.WriteAllText(TemporaryPath, config);
            File.Move(TemporaryPath, ConfigPath, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TakeBack();
            throw new CommandException($"cannot write to the run directory {Root}", e.Message, "Choose a --run-dir that you may write to, on a disk with free space.");
        }
    }

    /// <summary>Takes <see cref="Begin"/> back, for a run that was refused before it wrote anything; one that wrote keeps its files.</summary>
    public void TakeBack()
    {
        if (!Directory.Exists(Root) || Directory.EnumerateFileSystemEntries(Root).Any(entry => entry != ConfigPath && entry != TemporaryPath))
        {
            return;
        }

        File.Delete(TemporaryPath);
        File.Delete(ConfigPath);
        if (_isNew)
        {
            Directory.Delete(Root);
        }
    }

    /// <summary>The settings that the run was started with.</summary>
    /// <exception cref="CommandException">A switch or recipe asks for other settings than these.</exception>
    public EffectiveSettings ReadSettings(string? recipeOrFile, IReadOnlyList<SettingValue> switches)
    {
        var settings = SettingsLoader.Load(ConfigPath, []);
        if (recipeOrFile is not null && Path.GetFileNameWithoutExtension(recipeOrFile) != settings.Run.Recipe)
        {
            throw Differs("the recipe", settings.Run.Recipe, recipeOrFile);
        }

        RequireSame(SettingsLoader.Load(ConfigPath, switches));
        return settings;
    }

    /// <summary>Makes sure that the run in this directory has these settings.</summary>
    /// <exception cref="CommandException">It has others.</exception>
    public void RequireSame(EffectiveSettings asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var was = SettingsLoader.Load(ConfigPath, []).Rows().ToDictionary(row => row.Key, row => row.Hocon);
        foreach (var (key, value, _) in asked.Rows())
        {
            if (was.GetValueOrDefault(key, "absent") is var before && before != value)
            {
                throw Differs(key, before, value);
            }
        }
    }

    private CommandException Differs(string what, string was, string asked) =>
        new($"{what} is {was} in the run to resume, not {asked}", $"A run keeps the settings of {ConfigPath} from its start to its end.", "Resume without changing settings, or start a new run.");
}
