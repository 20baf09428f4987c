using Intellect3.Environments.Traces;

namespace Intellect3.Environments.Episodes;

/// <summary>An environment did not do what was asked of it; <see cref="Error"/> is what the trace records.</summary>
public sealed class EnvironmentException(TraceError error, Exception? inner = null) : Exception($"{error.Source}: {error.Message}", inner)
{
    public TraceError Error { get; } = error;
}
