namespace Intellect3.Actors.Coordination;

/// <summary>What a coordinator is given: the run, where it is kept, and what to make of what is there already.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Directory">RUNDIR; exists and is the coordinator's alone.</param>
/// <param name="Context">Settings and environments.</param>
/// <param name="Kernels">The engines' kernel path, for the summary.</param>
public sealed record RunPlan(string Run, string Directory, PolicyContext Context, string Kernels);
