using Akka.Actor;

namespace Intellect3.Actors.Devices;

/// <summary>From an engine's thread to its actor: these requests, by their ids in the engine, were answered.</summary>
internal sealed record GenerationsEnded(IReadOnlyList<long> EngineIds) : INoSerializationVerificationNeeded;
