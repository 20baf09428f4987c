namespace Intellect3.Cluster.Host.Settings;

/// <summary>HOCON that cannot be read.</summary>
/// <param name="line">The line, from 1.</param>
/// <param name="message">What is wrong there, a sentence.</param>
public sealed class HoconSyntaxException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
