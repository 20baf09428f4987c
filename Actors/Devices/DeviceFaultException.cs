namespace Intellect3.Actors.Devices;

/// <summary>What ran on a device threw: its actor fails with this and is restarted with a fresh program.</summary>
public sealed class DeviceFaultException(string device, Exception inner) : Exception($"the program on the device '{device}' failed: {inner?.Message.Split('\n')[0]}", inner);
