namespace Intellect3.Cluster.Host;

/// <summary>What the process says to its caller.</summary>
public static class ExitCode
{
    public const int Success = 0;

    /// <summary>It was called rightly and failed.</summary>
    public const int Failure = 1;

    /// <summary>A wrong call or input; nothing was done.</summary>
    public const int BadInput = 2;

    /// <summary>Ended hard by a second Ctrl-C, as shells number it.</summary>
    public const int Interrupted = 130;
}
