using System.Net;

namespace Intellect3.Cluster.Host.Nodes;

/// <summary>Looks for a remembered member that is still in a cluster. A refused connection, or the answer that it is in none, is a no; only silence makes it wait.</summary>
/// <param name="handler">Asks the members.</param>
/// <param name="time">The clock.</param>
public sealed class MemberSearch(HttpMessageHandler handler, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new(handler) { Timeout = AnswerTimeout };

    public MemberSearch()
        : this(new SocketsHttpHandler { ConnectTimeout = AnswerTimeout, UseProxy = false }, TimeProvider.System)
    {
    }

    /// <summary>What a member says.</summary>
    private enum Answer
    {
        Yes,
        No,
        Silence,
    }

    /// <summary>Asks all until one says yes, or all say no, or the time is up.</summary>
    /// <returns>The <c>host:port</c> to join through, or null.</returns>
    public async Task<string?> FindAsync(IReadOnlyList<RememberedNode> members, TimeSpan timeout, Action<string> waiting, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(waiting);
        var started = time.GetTimestamp();
        while (true)
        {
            var answers = await Task.WhenAll(members.Select(m => AskAsync(m, cancellation)));
            if (Array.IndexOf(answers, Answer.Yes) is >= 0 and var yes)
            {
                return members[yes].Seed;
            }

            var silent = members.Where((_, i) => answers[i] == Answer.Silence).Select(m => m.Endpoint).ToList();
            if (silent.Count == 0 || time.GetElapsedTime(started) >= timeout)
            {
                return null;
            }

            waiting($"{string.Join(", ", silent)} does not answer");

            // A network without a route fails at once.
            await Task.Delay(Pause, time, cancellation);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<Answer> AskAsync(RememberedNode member, CancellationToken cancellation)
    {
        try
        {
            using var response = await _client.GetAsync($"{member.Endpoint}{Endpoints.HealthEndpoint.Ready}", cancellation);
            return response.StatusCode == HttpStatusCode.OK ? Answer.Yes : Answer.No;
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError && exception.InnerException is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.ConnectionRefused })
        {
            return Answer.No;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Answer.Silence;
        }
    }
}
