namespace Intellect3.Environments.Traces;

/// <summary>Why a trace failed. A failed trace has no reward; it never scores 0 for it.</summary>
/// <param name="Boundary">Whose fault it is.</param>
/// <param name="Source">The method or part that failed.</param>
/// <param name="Message">What happened, in one line.</param>
public sealed record TraceError(Boundary Boundary, string Source, string Message);
