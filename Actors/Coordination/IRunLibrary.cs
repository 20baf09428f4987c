namespace Intellect3.Actors.Coordination;

/// <summary>What the registry needs of the machine that coordinates: how a config.conf reads, and the rules of run directories.</summary>
public interface IRunLibrary
{
    /// <summary>Reads the settings of a config.conf.</summary>
    /// <exception cref="RunRefusedException">They are not as they must be.</exception>
    RunSettings Parse(string config);

    /// <summary>Makes a directory ready for a run: a new one gets its config.conf, an unfinished one of the same settings is gone on with.</summary>
    /// <returns>The absolute path, and how far the run in it is.</returns>
    /// <exception cref="RunRefusedException">It holds something else, or cannot be written to.</exception>
    (string Directory, RunDirectoryState State) Open(string directory, string config);
}
