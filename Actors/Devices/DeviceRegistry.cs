using System.Collections.Concurrent;
using Akka.Actor;

namespace Intellect3.Actors.Devices;

/// <summary>Who owns which device of a node: one per actor system. Thread-safe.</summary>
public sealed class DeviceRegistry : IExtension
{
    private readonly ConcurrentDictionary<string, DeviceClaim> _claims = new(StringComparer.Ordinal);

    /// <summary>The registry of an actor system.</summary>
    public static DeviceRegistry For(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.WithExtension<DeviceRegistry, Provider>();
    }

    /// <summary>Names of the claimed devices.</summary>
    public IReadOnlyCollection<string> Claimed => [.. _claims.Keys];

    /// <summary>Takes a device; its owner disposes the claim to free it.</summary>
    /// <exception cref="DeviceClaimedException">It is taken.</exception>
    public DeviceClaim Claim(string device)
    {
        var claim = new DeviceClaim(device, c => _claims.TryRemove(new(c.Device, c)));
        return _claims.TryAdd(device, claim) ? claim : throw new DeviceClaimedException(device);
    }

    private sealed class Provider : ExtensionIdProvider<DeviceRegistry>
    {
        public override DeviceRegistry CreateExtension(ExtendedActorSystem system) => new();
    }
}
