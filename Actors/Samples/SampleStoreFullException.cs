namespace Intellect3.Actors.Samples;

/// <summary>A payload was refused because the store has no room.</summary>
public sealed class SampleStoreFullException(string message) : Exception(message);
