using Akka.Actor;

namespace Intellect3.Actors.Devices;

/// <summary>From the device's thread to the actor that drives it. One about an older program than the actor's own is only worth a log line.</summary>
internal sealed record DeviceFaulted(IDeviceProgram Program, Exception Exception) : INoSerializationVerificationNeeded;
