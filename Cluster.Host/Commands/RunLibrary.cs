using Intellect3.Actors.Coordination;
using Intellect3.Cluster.Host.Settings;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>Settings and run directories as this program keeps them.</summary>
public sealed class RunLibrary : IRunLibrary
{
    public RunSettings Parse(string config)
    {
        try
        {
            return SettingsLoader.Parse(config, RunDirectory.ConfigName).Run;
        }
        catch (CommandException exception)
        {
            throw Refused(exception);
        }
    }

    public (string Directory, RunDirectoryState State) Open(string directory, string config)
    {
        try
        {
            var settings = SettingsLoader.Parse(config, RunDirectory.ConfigName);
            if (!File.Exists(Path.Combine(directory, RunDirectory.ConfigName)))
            {
                var fresh = RunDirectory.ForNewRun(directory);
                fresh.Begin(config);
                return (fresh.Root, RunDirectoryState.New);
            }

            var run = RunDirectory.ForResume(directory);
            run.RequireSame(settings);
            return (run.Root, run.IsFinished ? RunDirectoryState.Finished : RunDirectoryState.Begun);
        }
        catch (CommandException exception)
        {
            throw Refused(exception);
        }
    }

    private static RunRefusedException Refused(CommandException exception) => new(exception.Message, exception.Why ?? "", exception.Remedy ?? "");
}
