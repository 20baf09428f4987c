using Intellect3.Actors.Injection;
using Intellect3.Actors.Transport;

namespace Intellect3.Actors.Coordination;

/// <summary>What a coordinator is given: the run, where it is kept, and what to make of what is there already.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Instance">Tells it from other runs; stands in what its nodes say.</param>
/// <param name="Directory">RUNDIR; exists and is the coordinator's alone.</param>
/// <param name="Context">Settings and environments.</param>
/// <param name="Address">Where the coordinator's node serves its bytes.</param>
/// <param name="Packages">The environments that were pushed; null where none can be.</param>
public sealed record RunPlan(string Run, string Instance, string Directory, PolicyContext Context, NodeAddress Address, PackageStore? Packages);
