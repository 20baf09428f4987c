namespace Intellect3.Actors.Devices;

/// <summary>A device was claimed while another actor of the node owns it.</summary>
public sealed class DeviceClaimedException(string device)
    : Exception($"the device '{device}' is owned by another actor of this node; one actor owns a device, give each its own name");
