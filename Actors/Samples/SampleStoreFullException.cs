namespace Intellect3.Actors.Samples;

/// <summary>A node has no room for a payload: too much of what it made waits to be trained on.</summary>
public sealed class SampleStoreFullException(string key, long bytes, long inUse, long capacity)
    : Exception($"the payload {key} of {bytes} bytes has no room: {inUse} of {capacity} bytes hold payloads whose step is not committed yet");
