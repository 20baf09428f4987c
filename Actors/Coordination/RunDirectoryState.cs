namespace Intellect3.Actors.Coordination;

/// <summary>How far the run in a directory is.</summary>
public enum RunDirectoryState
{
    New,
    Begun,
    Finished,
}
