namespace Intellect3.Actors.Coordination;

/// <summary>An event that cannot follow the state it meets: a journal that is damaged, or a defect. Nothing was changed.</summary>
public sealed class RunStateException(string message) : Exception(message);
