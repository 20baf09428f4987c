namespace Intellect3.Actors.Injection;

/// <summary>How a node keeps and runs injected environments.</summary>
/// <param name="Packages">The packages that it has.</param>
/// <param name="Options">How their processes are run.</param>
public sealed record EnvironmentHosting(PackageStore Packages, EnvironmentHostOptions Options);
