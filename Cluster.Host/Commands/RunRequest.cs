using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;

namespace Intellect3.Cluster.Host.Commands;

/// <summary>A run, ready to begin.</summary>
/// <param name="Settings">Checked settings.</param>
/// <param name="Directory">RUNDIR, an absolute path: it exists, can be written to and holds config.conf.</param>
/// <param name="Resume">True to go on from the newest complete checkpoint in it, or from the beginning if there is none.</param>
/// <param name="ConfigText">What config.conf says.</param>
/// <param name="Progress">Told the status a few times a second; it returns at once.</param>
public sealed record RunRequest(RunSettings Settings, string Directory, bool Resume, string ConfigText, IProgress<RunStatus> Progress);
