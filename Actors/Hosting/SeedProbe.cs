using System.Net.Sockets;

namespace Intellect3.Actors.Hosting;

/// <summary>Finds out why a seed does not let a node in.</summary>
internal static class SeedProbe
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Connects once and says what happened.</summary>
    /// <param name="seed"><c>host:port</c>.</param>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<string> ExplainAsync(string seed, string cluster, CancellationToken cancellation)
    {
        try
        {
            var colon = seed.LastIndexOf(':');
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(ConnectTimeout);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(seed[..colon], int.Parse(seed[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture), deadline.Token);
            return $"{seed} accepts connections but does not let this node in: it is not in a cluster yet, or its cluster is not called '{cluster}', or another program listens there";
        }
        catch (SocketException exception)
        {
            return $"{seed} cannot be reached: {exception.Message}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"{seed} does not answer within {ConnectTimeout.TotalSeconds:0} s";
        }
    }
}
