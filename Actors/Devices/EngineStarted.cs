using Akka.Actor;

namespace Intellect3.Actors.Devices;

/// <summary>From an engine to its owner: it has just been made, and has no weights.</summary>
internal sealed record EngineStarted : INoSerializationVerificationNeeded;

/// <summary>From an engine to its owner: so many of the requests that the owner sent have ended.</summary>
internal sealed record EngineReleased(int Requests) : INoSerializationVerificationNeeded;
