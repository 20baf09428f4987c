using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Intellect3.Actors.Administration.Commands;
using Intellect3.Cluster.Host.Endpoints;

namespace Intellect3.Cluster.Host.Pbm;

/// <summary>Talks to the palettes of a node. What cannot be reached or understood becomes a <see cref="CommandException"/>.</summary>
internal sealed class PbmClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly Uri _node;

    /// <param name="node">The node's HTTP address.</param>
    /// <param name="token">The admin token, or null.</param>
    public PbmClient(Uri node, string? token)
    {
        _node = node;

        // A command that streams goes on for as long as its user likes, so only connecting has a deadline here.
        _http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, UseProxy = false }) { BaseAddress = node, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(AdminTokens.Scheme.TrimEnd(), token);
        }
    }

    /// <summary>The node, as prompts name it.</summary>
    public string Name => _node.Authority;

    public async Task<IReadOnlyList<Palette>> PalettesAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, PbmEndpoint.PalettesPath), cancellation);
        try
        {
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && await response.Content.ReadFromJsonAsync<PbmLine>(PbmLine.Format, cancellation) is { Error: { } error } line)
            {
                throw new CommandException(error, line.Why, line.Remedy, ExitCode.Failure);
            }

            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<IReadOnlyList<Palette>>(PbmEndpoint.Format, cancellation) ?? [];
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException)
        {
            throw NoNode(exception.Message);
        }
    }

    /// <summary>Does a command and gives the lines of its answer; the last has the exit code.</summary>
    public async IAsyncEnumerable<PbmLine> RunAsync(PbmRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var body = new StringContent(JsonSerializer.Serialize(request, PbmEndpoint.Format), Encoding.UTF8, "application/json");
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Post, PbmEndpoint.RunPath) { Content = body }, cancellation);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable))
        {
            throw NoNode($"It answered {(int)response.StatusCode} {response.ReasonPhrase}.");
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        var exit = null as int?;
        while (exit is null)
        {
            var line = await ReadAsync(reader, cancellation);
            exit = line.Exit;
            yield return line;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(AnswerTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable((exception.InnerException ?? exception).Message);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable(exception.InnerException is TimeoutException ? $"It could not be connected within {ConnectTimeout.TotalSeconds:0} s." : $"It did not answer within {AnswerTimeout.TotalSeconds:0} s.");
        }
    }

    private async Task<PbmLine> ReadAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            if (await reader.ReadLineAsync(cancellation) is { } text)
            {
                return JsonSerializer.Deserialize<PbmLine>(text, PbmLine.Format) ?? throw new JsonException("a line is null");
            }
        }
        catch (JsonException exception)
        {
            throw NoNode(exception.Message);
        }
        catch (IOException)
        {
            // Said below: the connection broke, which is how a stream of a node that ends is cut.
        }

        throw new CommandException($"{_node.Authority} ended before its answer did", "The node stopped, or left the cluster.", "Ask another node: `cluster show` lists them.", ExitCode.Failure);
    }

    private CommandException Unreachable(string why) => new(
        $"no node answers at {_node.Authority}",
        why,
        "Give the HTTP address of a node that runs (its ready line has it): intellect3 pbm HOST:PORT. Start one with: intellect3 node",
        ExitCode.Failure);

    private CommandException NoNode(string why) => new(
        $"what answers at {_node.Authority} is no node of intellect3", why, "Give the HTTP port of a node, not its cluster port: its ready line has both.", ExitCode.Failure);
}
