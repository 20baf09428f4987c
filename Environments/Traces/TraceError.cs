namespace Intellect3.Environments.Traces;

/// <summary>Why a trace failed. A failed trace has no reward; it never scores 0 for it.</summary>
/// <param name="Boundary">Whose fault it is.</param>
/// <param name="Source">The method or part that failed.</param>
/// <param name="Message">What happened, in one line.</param>
public sealed record TraceError(Boundary Boundary, string Source, string Message)
{
    /// <summary>An exception as data: its type and the first line of its message.</summary>
    public static TraceError From(Boundary boundary, string source, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var firstLine = exception.Message.AsSpan().Trim();
        var end = firstLine.IndexOfAny('\r', '\n');
        return new TraceError(boundary, source, $"{exception.GetType().Name}: {(end < 0 ? firstLine : firstLine[..end])}");
    }
}
