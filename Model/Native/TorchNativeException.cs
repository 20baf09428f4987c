namespace Intellect3.Model.Native;

/// <summary>libtorch cannot be used in this process; the message says why and what to do.</summary>
public sealed class TorchNativeException(string message) : Exception(message);
