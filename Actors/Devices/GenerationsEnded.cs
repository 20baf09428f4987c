using Akka.Actor;

namespace Intellect3.Actors.Devices;

/// <summary>From an engine's thread to its actor: these requests, by their ids in the engine, were answered.</summary>
/// <param name="Program">Whose; ids begin anew with each.</param>
/// <param name="EngineIds">The ids.</param>
internal sealed record GenerationsEnded(EngineProgram Program, IReadOnlyList<long> EngineIds) : INoSerializationVerificationNeeded;
