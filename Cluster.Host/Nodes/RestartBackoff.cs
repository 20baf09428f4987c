namespace Intellect3.Cluster.Host.Nodes;

/// <summary>How long to wait before a child that ended is started again: twice as long each time, up to a limit; at once after it lived for a while.</summary>
public sealed class RestartBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    private TimeSpan _next = First;

    /// <summary>The wait after a life of this length.</summary>
    public TimeSpan After(TimeSpan life)
    {
        if (life >= Healthy)
        {
            _next = First;
        }

        var delay = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return delay;
    }
}
