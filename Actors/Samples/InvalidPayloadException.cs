namespace Intellect3.Actors.Samples;

/// <summary>Bytes are not a payload of a version that this node reads.</summary>
public sealed class InvalidPayloadException(string message) : Exception(message);
