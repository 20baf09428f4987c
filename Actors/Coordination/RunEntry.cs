using Intellect3.Actors.Administration;

namespace Intellect3.Actors.Coordination;

/// <summary>A run that a cluster knows of.</summary>
/// <param name="Name">For people.</param>
/// <param name="Instance">Tells runs apart.</param>
/// <param name="Directory">RUNDIR.</param>
/// <param name="Ended">How it ended; null while it is active.</param>
public sealed record RunEntry(string Name, string Instance, string Directory, RunStage? Ended);
