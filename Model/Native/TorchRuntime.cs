namespace Intellect3.Model.Native;

/// <summary>The libtorch of this process.</summary>
/// <param name="Version">The release that TorchSharp was built for, and ships with.</param>
/// <param name="Threads">Threads of an operation, the process's default until a trainer sets its own.</param>
public sealed record TorchRuntime(string Version, int Threads);
